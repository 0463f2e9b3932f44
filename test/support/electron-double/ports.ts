import { EventEmitter } from 'node:events';

/** One end of a `MessageChannelMain`: messages, and the report that the other end has closed, wait until it is started; each message is a copy. */
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
    if (this.#isStarted) this.#emitLater('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.#emitLater('message', { data, ports: [] });
    if (this.#isClosed) this.#emitLater('close');
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#isStarted) this.#emitLater('close');
    this.other?.close();
  }

  #emitLater(name: string, ...words: readonly unknown[]): void {
    setImmediate(() => this.emit(name, ...words));
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
