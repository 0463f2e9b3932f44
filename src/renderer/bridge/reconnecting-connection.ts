import type { StreamClient } from '../../shared/ipc/stream-client.ts';
import type { Connection } from '../../shared/ipc/frames.ts';
import { plain } from './plain.ts';

/** What a transport provides once it has reached the host. */
export interface Transport {
  send(value: unknown): void;
  close(): void;
}

/**
 * A connection for streams that exists before its transport: messages sent meanwhile wait, in order. When it is lost, the streams immediately get a
 * new one and start again in it, and no message is lost.
 */
export class ReconnectingConnection {
  readonly #streams: StreamClient;
  #current: Waiting;

  constructor(streams: StreamClient) {
    this.#streams = streams;
    this.#current = this.#begin();
  }

  /** The transport is connected. */
  opened(carrier: Transport): void {
    this.#current.use(carrier);
  }

  received(value: unknown): void {
    this.#current.receive(value);
  }

  /** The transport is closed. */
  lost(): void {
    const lost = this.#current;
    lost.end();
    this.#current = this.#begin();
  }

  #begin(): Waiting {
    const connection = new Waiting();
    this.#streams.attach(connection);
    return connection;
  }
}

class Waiting implements Connection {
  readonly waiting = 0;
  #carrier: Transport | undefined;
  #unsent: unknown[] = [];
  #onValue: (value: unknown) => void = () => undefined;
  #onClose: () => void = () => undefined;

  use(carrier: Transport): void {
    this.#carrier = carrier;
    for (const value of this.#unsent) carrier.send(value);
    this.#unsent = [];
  }

  receive(value: unknown): void {
    this.#onValue(value);
  }

  end(): void {
    this.#carrier = undefined;
    this.#onClose();
  }

  post(value: unknown): void {
    // A copy: later changes by the page must not change the message.
    const copy = plain(value);
    if (this.#carrier === undefined) this.#unsent.push(copy);
    else this.#carrier.send(copy);
  }

  onValue(listener: (value: unknown) => void): void {
    this.#onValue = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  close(): void {
    this.#carrier?.close();
  }
}
