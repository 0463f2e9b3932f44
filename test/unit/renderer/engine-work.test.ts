import { describe, expect, it, vi } from 'vitest';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Bridge } from '../../../src/shared/ipc/contract.ts';
import type { EngineItem } from '../../../src/shared/domain/app.ts';
import { EngineWork } from '../../../src/renderer/stores/engine-work.svelte.ts';
import { Messages } from '../../../src/renderer/stores/messages.svelte.ts';

function host(kept = 0) {
  const opened: unknown[] = [];
  let hear: (item: EngineItem) => void = () => undefined;
  let finish: (error?: Error) => void = () => undefined;
  let closed = 0;
  const bridge = {
    request: () => Promise.resolve({ bytes: kept }),
    open: (name: string, params: unknown, onItem: typeof hear) => {
      opened.push([name, params]);
      hear = onItem;
      const ended = new Promise<void>((resolve, reject) => {
        finish = (error) => (error === undefined ? resolve() : reject(error));
      });
      return { send: () => undefined, close: () => closed++, ended };
    },
  } as unknown as Bridge;
  return {
    bridge,
    opened,
    tell: (item: EngineItem) => hear(item),
    finish: (error?: Error) => finish(error),
    closed: () => closed,
  };
}

describe('work on an engine', () => {
  it('shows progress, and reports the end on every page', async () => {
    const { bridge, opened, tell, finish } = host();
    const messages = new Messages();
    const work = new EngineWork(bridge, messages);
    work.start({ kind: 'install', wanted: { engine: 'tensorflow', variant: 'gpu' } });
    work.start({ kind: 'install', wanted: { engine: 'tensorflow', variant: 'cpu' } });
    expect(opened).toEqual([['engines.install', { engine: 'tensorflow', variant: 'gpu' }]]);
    tell({ kind: 'progress', fraction: 0.5, doing: 'Downloading' });
    tell({ kind: 'log', line: 'one line' });
    expect(work.progress).toMatchObject({ fraction: 0.5, doing: 'Downloading' });
    tell({ kind: 'done', summary: 'It is installed.' });
    finish();
    await vi.waitFor(() => expect(work.isRunning).toBe(false));
    expect([work.summary, work.ended, work.lines]).toEqual(['It is installed.', 1, ['one line']]);
    expect(messages.list.map(({ message }) => message)).toEqual(['It is installed.']);
  });

  it('is cancelled once, says what is kept, and reports no error', async () => {
    const { bridge, closed, finish } = host(230_000_000);
    const messages = new Messages();
    const work = new EngineWork(bridge, messages);
    work.start({ kind: 'install', wanted: { engine: 'tensorflow', variant: 'cpu' } });
    work.cancel();
    work.cancel();
    finish();
    await vi.waitFor(() => expect(work.isRunning).toBe(false));
    expect(String(work.problem)).toContain('230 MB of the download are kept');
    expect([closed(), work.isRunning, work.ended]).toEqual([1, false, 1]);
    expect(messages.list).toEqual([]);
  });

  it('shows why it failed where it was started', async () => {
    const { bridge, finish } = host();
    const work = new EngineWork(bridge, new Messages());
    work.start({ kind: 'test', engine: 'embedded' });
    finish(new CharloomError('check-failed', 'A number is wrong.'));
    await vi.waitFor(() => expect(work.problem).toMatchObject({ message: 'A number is wrong.' }));
    expect(work.isRunning).toBe(false);
  });
});
