import type { OpenStream, StreamItem, StreamMessage, StreamName, StreamParams } from './contract.ts';
import { errorOf } from './failures.ts';
import { streams } from './streams.ts';
import { hostFrameSchema, type Connection, type PageFrame } from './frames.ts';

interface OpenEntry {
  readonly onItem: (item: unknown) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly reopen: () => void;
}

/** Many streams over one connection. If the connection is lost and restored, open streams are reopened. */
export class StreamClient {
  readonly #open = new Map<number, OpenEntry>();
  #connection: Connection | undefined;
  #nextId = 0;

  /** Starts using a connection, the first or one after a loss. */
  attach(connection: Connection): void {
    this.#connection = connection;
    connection.onValue((value) => this.#receive(value));
    connection.onClose(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    for (const entry of this.#open.values()) entry.reopen();
  }

  open<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
    onItem: (item: StreamItem<N>) => void,
  ): OpenStream<N> {
    const id = this.#nextId++;
    let resolve = (): void => undefined;
    let reject: (error: Error) => void = () => undefined;
    const ended = new Promise<void>((done, fail) => {
      resolve = done;
      reject = fail;
    });
    // Callers that ignore `ended` must not get an unhandled rejection.
    ended.catch(() => undefined);
    const reopen = (): void => this.#post({ frame: 'open', id, name, params });
    const { item: schema } = streams[name];
    this.#open.set(id, {
      onItem: (item) => onItem(schema.parse(item) as StreamItem<N>),
      resolve,
      reject,
      reopen,
    });
    reopen();
    return {
      send: (message: StreamMessage<N>) => this.#post({ frame: 'message', id, message }),
      close: () => {
        if (!this.#open.delete(id)) return;
        this.#post({ frame: 'close', id });
        resolve();
      },
      ended,
    };
  }

  #post(frame: PageFrame): void {
    this.#connection?.post(frame);
  }

  #receive(value: unknown): void {
    const frame = hostFrameSchema.parse(value);
    const entry = this.#open.get(frame.id);
    if (entry === undefined) return;
    if (frame.frame === 'item') {
      entry.onItem(frame.item);
      return;
    }
    this.#open.delete(frame.id);
    if (frame.frame === 'end') entry.resolve();
    else entry.reject(errorOf(frame.failure));
  }
}
