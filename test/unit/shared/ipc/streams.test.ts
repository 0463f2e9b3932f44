import { beforeEach, describe, expect, test } from 'vitest';
import { CharloomError } from '../../../../src/shared/errors.ts';
import type { StreamHandlers, StreamItem, StreamContext } from '../../../../src/shared/ipc/contract.ts';
import { StreamClient } from '../../../../src/shared/ipc/stream-client.ts';
import { serveStreams } from '../../../../src/shared/ipc/stream-server.ts';
import type { Connection } from '../../../../src/shared/ipc/frames.ts';
import { connectedPair } from '../../../support/connections.ts';

type Side = StreamContext<'engines.test'>;
type Item = StreamItem<'engines.test'>;

const line = (text: string): Item => ({ kind: 'log', line: text });

/** A host whose one stream does what the test says. */
class Host {
  readonly defects: unknown[] = [];
  readonly #work: (side: Side) => Promise<void>;

  constructor(work: (side: Side) => Promise<void>) {
    this.#work = work;
  }

  /** A connection to it, as the page has it. */
  connect(): Connection {
    const [page, host] = connectedPair();
    const handlers = {
      'engines.test': (_: unknown, side: Side) => this.#work(side),
      'models.write': (_: unknown, side: StreamContext<'models.write'>) => {
        side.onMessage((message) => side.push({ kind: 'checked', text: message.kind, unknown: [] }));
        return ended(side.signal);
      },
    } as unknown as StreamHandlers;
    serveStreams(host, handlers, (error) => this.defects.push(error));
    return page;
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

let client: StreamClient;
beforeEach(() => (client = new StreamClient()));

const params = { engine: 'embedded' };

/** Resolves with what a page heard once it has heard so much. */
function hearing(count: number): { readonly onItem: (item: Item) => void; readonly items: Promise<Item[]> } {
  const items: Item[] = [];
  const { promise, resolve } = Promise.withResolvers<Item[]>();
  return {
    items: promise,
    onItem: (item) => items.push(item) === count && resolve(items),
  };
}

describe('a stream', () => {
  test('delivers its items in order and ends', async () => {
    const host = new Host((side) => {
      for (let i = 0; i < 100; i++) side.push(line(String(i)));
      return Promise.resolve();
    });
    client.attach(host.connect());
    const heard: Item[] = [];
    await client.open('engines.test', params, (item) => heard.push(item)).ended;
    expect(heard).toEqual(Array.from({ length: 100 }, (_, i) => line(String(i))));
  });

  test('carries messages, those sent immediately included', async () => {
    client.attach(new Host(() => Promise.resolve()).connect());
    const told: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const model = { kind: 'imported', file: 'm.safetensors' } as const;
    const stream = client.open('models.write', { model }, (item) => {
      if (item.kind === 'checked') told.push(item.text);
      if (told.length === 2) resolve(undefined);
    });
    stream.send({ kind: 'check', text: 'a' });
    stream.send({ kind: 'stop' });
    await promise;
    expect(told).toEqual(['check', 'stop']);
    stream.close();
  });

  test('that is closed aborts the work, and delivers nothing afterwards', async () => {
    const aborted = Promise.withResolvers<undefined>();
    const host = new Host(async (side) => {
      side.push(line('first'));
      await ended(side.signal);
      side.push(line('too late'));
      aborted.resolve(undefined);
      throw new Error('cancelled in the middle');
    });
    client.attach(host.connect());
    const heard: Item[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const stream = client.open('engines.test', params, (item) => {
      heard.push(item);
      resolve(undefined);
    });
    await promise;
    stream.close();
    stream.close();
    await stream.ended;
    await aborted.promise;
    expect(heard).toEqual([line('first')]);
    expect(host.defects).toEqual([]);
  });

  test('fails with the error of its work; a defect is reported besides', async () => {
    const failing = new Host(() => Promise.reject(new CharloomError('storage', 'The disk is full.')));
    client.attach(failing.connect());
    await expect(client.open('engines.test', params, () => undefined).ended).rejects.toMatchObject({
      code: 'storage',
      message: 'The disk is full.',
    });
    expect(failing.defects).toEqual([]);
    const broken = new Host(() => Promise.reject(new TypeError('x is undefined')));
    client.attach(broken.connect());
    await expect(client.open('engines.test', params, () => undefined).ended).rejects.toThrow(
      'x is undefined',
    );
    expect(broken.defects).toHaveLength(1);
  });

  test('an item that does not fit the contract is a defect of the host and reaches no page', async () => {
    const host = new Host((side) => {
      side.push({ kind: 'log', line: 5 } as unknown as Item);
      return Promise.resolve();
    });
    client.attach(host.connect());
    const heard: Item[] = [];
    await expect(client.open('engines.test', params, (item) => heard.push(item)).ended).rejects.toThrow();
    expect([heard, host.defects.length]).toEqual([[], 1]);
  });

  test('of no known name, or with parameters that do not fit, is refused', async () => {
    const page = new Host(() => Promise.resolve()).connect();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    page.onValue(resolve);
    page.post({ frame: 'open', id: 0, name: 'constructor', params: null });
    expect(await promise).toMatchObject({ frame: 'failure', id: 0, failure: { code: 'usage' } });
    client.attach(new Host(() => Promise.resolve()).connect());
    const bad = client.open('engines.test', { engine: '../x' }, () => undefined);
    await expect(bad.ended).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a connection', () => {
  test('that is lost aborts the work; the next one opens the same streams again', async () => {
    let opened = 0;
    const aborted = Promise.withResolvers<undefined>();
    const host = new Host(async (side) => {
      side.push(line(`opened ${++opened}`));
      await ended(side.signal);
      aborted.resolve(undefined);
    });
    const first = host.connect();
    client.attach(first);
    const begun = hearing(1);
    const both = hearing(2);
    const stream = client.open('engines.test', params, (item) => {
      begun.onItem(item);
      both.onItem(item);
    });
    await begun.items;
    first.close();
    await aborted.promise;
    client.attach(host.connect());
    expect(await both.items).toEqual([line('opened 1'), line('opened 2')]);
    stream.close();
  });

  test('accepts streams before it is open', async () => {
    const host = new Host((side) => {
      side.push(line('there'));
      return Promise.resolve();
    });
    const { onItem, items } = hearing(1);
    client.open('engines.test', params, onItem);
    client.attach(host.connect());
    expect(await items).toEqual([line('there')]);
  });

  test.each([
    ['no frame', 'hello'],
    ['an unknown frame', { frame: 'shutdown' }],
    ['a negative number', { frame: 'close', id: -1 }],
    ['too much', { frame: 'close', id: 1, also: true }],
  ])('that carries %s is closed, with everything on it', async (_, value) => {
    const started = Promise.withResolvers<AbortSignal>();
    const host = new Host((side) => {
      started.resolve(side.signal);
      return ended(side.signal);
    });
    const page = host.connect();
    client.attach(page);
    client.open('engines.test', params, () => undefined);
    const signal = await started.promise;
    page.post(value);
    await ended(signal);
    expect(signal.aborted).toBe(true);
  });

  test('with too many streams is closed', async () => {
    const aborted = Promise.withResolvers<undefined>();
    const page = new Host(async (side) => {
      await ended(side.signal);
      aborted.resolve(undefined);
    }).connect();
    for (let id = 0; id < 65; id++) page.post({ frame: 'open', id, name: 'engines.test', params });
    await aborted.promise;
  });
});
