import { EventEmitter } from 'node:events';

/** One end of a `MessageChannelMain`: messages wait until it is started, and each is a copy. */
export class DoublePort extends EventEmitter {
  other: DoublePort | undefined;
  #isStarted = false;
  #isClosed = false;
  #waiting: unknown[] = [];

  postMessage(message: unknown): void {
    if (this.#isClosed) return;
    this.other?.deliver(structuredClone(message));
  }

  deliver(data: unknown): void {
    if (this.#isClosed) return;
    if (!this.#isStarted) this.#waiting.push(data);
    else setImmediate(() => this.emit('message', { data, ports: [] }));
  }

  start(): void {
    this.#isStarted = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const data of waiting) this.deliver(data);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    setImmediate(() => this.emit('close'));
    this.other?.close();
  }
}

export class DoubleChannel {
  readonly port1 = new DoublePort();
  readonly port2 = new DoublePort();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}
