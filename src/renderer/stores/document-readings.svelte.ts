import type { DocumentReading } from '../../shared/domain/document-reading.ts';
import type { Bridge, OpenStream } from '../../shared/ipc/contract.ts';
import type { Messages } from './messages.svelte.ts';

/** The documents that the host is reading, for any page. */
export class DocumentReadings {
  list = $state.raw<readonly DocumentReading[]>([]);
  readonly #bridge: Bridge;
  readonly #messages: Pick<Messages, 'error'>;
  #stream: OpenStream<'texts.readings'> | undefined;

  constructor(bridge: Bridge, messages: Pick<Messages, 'error'>) {
    this.#bridge = bridge;
    this.#messages = messages;
  }

  /** Returns a function that stops watching. */
  watch(): () => void {
    const stream = this.#bridge.open('texts.readings', null, ({ readings }) => (this.list = readings));
    stream.ended.catch((error: unknown) => this.#messages.error(error));
    this.#stream = stream;
    return () => stream.close();
  }

  cancel(reading: number): void {
    this.#stream?.send({ kind: 'cancel', reading });
  }
}
