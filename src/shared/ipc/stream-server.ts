import { CharloomError } from '../errors.ts';
import type { StreamHandlers, StreamMessage, StreamName, StreamContext } from './contract.ts';
import { failureOf } from './failures.ts';
import { streams } from './streams.ts';
import { pageFrameSchema, type Connection, type HostFrame, type PageFrame } from './frames.ts';

/** Pages of ours never open more streams than this on one connection. */
const maxStreams = 64;
/** Bytes that may wait in a connection before a fast producer has to wait. */
const maxWaiting = 1 << 20;
const batchIntervalMs = 20;

/** Serves the streams of one connection until it closes, which aborts all that are open. */
export function serveStreams(
  connection: Connection,
  handlers: StreamHandlers,
  onDefect: (error: unknown) => void = () => undefined,
): void {
  const open = new Map<number, ServedStream>();
  const post = (frame: HostFrame): void => connection.post(frame);

  function begin({ id, name, params }: Extract<PageFrame, { frame: 'open' }>): void {
    const stream = new ServedStream(connection, id);
    open.set(id, stream);
    run(handlers, name, params, stream)
      .then(
        () => open.get(id) === stream && post({ frame: 'end', id }),
        (error: unknown) => {
          if (!(error instanceof CharloomError) && !stream.signal.aborted) onDefect(error);
          if (open.get(id) === stream) post({ frame: 'failure', id, failure: failureOf(error) });
        },
      )
      .finally(() => open.get(id) === stream && open.delete(id));
  }

  connection.onValue((value) => {
    const parsed = pageFrameSchema.safeParse(value);
    // Our pages never send anything else: the sender gets no answer, and the connection is closed.
    if (!parsed.success) return connection.close();
    const frame = parsed.data;
    const stream = open.get(frame.id);
    if (frame.frame === 'open') {
      if (stream !== undefined || open.size >= maxStreams) return connection.close();
      begin(frame);
    } else if (frame.frame === 'message') stream?.receive(frame.message);
    else if (stream !== undefined) {
      open.delete(frame.id);
      stream.abort();
    }
  });
  connection.onClose(() => {
    for (const stream of open.values()) stream.abort();
    open.clear();
  });
}

async function run(
  handlers: StreamHandlers,
  name: string,
  params: unknown,
  stream: ServedStream,
): Promise<void> {
  if (!isStreamName(name)) throw new CharloomError('usage', `There is no stream "${name}".`);
  const parsed = streams[name].params.safeParse(params);
  if (!parsed.success) throw new CharloomError('usage', `The parameters of ${name} are not valid.`);
  const handler = handlers[name] as (params: unknown, side: StreamContext<StreamName>) => Promise<void>;
  stream.use(name);
  await handler(parsed.data, stream);
}

/** Whether the contract has a stream of this name. */
export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(streams, name);
}

class ServedStream implements StreamContext<StreamName> {
  readonly #connection: Connection;
  readonly #id: number;
  readonly #controller = new AbortController();
  #name: StreamName | undefined;
  #listener: ((message: never) => void) | undefined;
  #early: unknown[] = [];

  constructor(connection: Connection, id: number) {
    this.#connection = connection;
    this.#id = id;
  }

  use(name: StreamName): void {
    this.#name = name;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    this.#controller.abort();
  }

  push(item: unknown): void {
    if (this.#name !== undefined && !this.signal.aborted) this.relay(streams[this.#name].item.parse(item));
  }

  relay(item: unknown): void {
    if (this.signal.aborted) return;
    const frame: HostFrame = { frame: 'item', id: this.#id, item };
    this.#connection.post(frame);
  }

  onMessage(listener: (message: StreamMessage<StreamName>) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const message of early) listener(message as never);
  }

  /** An invalid message is dropped: the page's own schema would not have let it pass. */
  receive(message: unknown): void {
    if (this.#name === undefined) return;
    const parsed = streams[this.#name].message.safeParse(message);
    if (!parsed.success) return;
    if (this.#listener === undefined) this.#early.push(parsed.data);
    else this.#listener(parsed.data as never);
  }

  async drained(): Promise<void> {
    while (this.#connection.waiting > maxWaiting && !this.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, batchIntervalMs));
    }
  }
}
