import { describe, expect, it, vi } from 'vitest';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';
import { CheckpointList } from '../../../src/renderer/views/checkpoints/checkpoint-list.svelte.ts';

type Item = StreamItem<'runs.watch'>;

function evaluation(iteration: number, validationLoss: number | null): Item {
  return { kind: 'evaluation', iteration, epoch: iteration / 10, validationLoss };
}

const saved: Item = {
  kind: 'checkpoint',
  file: 'a.safetensors',
  iteration: 30,
  epoch: 3,
  validationLoss: 1.5,
  best: true,
};

function host() {
  let hear: (item: Item) => void = () => undefined;
  const asked: (() => void)[] = [];
  const answers: unknown[] = [];
  let closed = 0;
  const bridge = {
    open: (_name: string, _params: unknown, onItem: typeof hear) => {
      hear = onItem;
      return { send: () => undefined, close: () => closed++, ended: new Promise<void>(() => undefined) };
    },
    request: () =>
      new Promise((resolve, reject) => {
        const answer = answers.shift() ?? [];
        asked.push(() => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
  } as unknown as Bridge;
  return { bridge, asked, answers, tell: (item: Item) => hear(item), closed: () => closed };
}

describe('the list of checkpoints', () => {
  it('takes the history as one curve, again after a reconnection, and continues live', () => {
    const { bridge, tell } = host();
    const list = new CheckpointList(bridge, 'a');
    list.watch();
    for (let time = 0; time < 2; time++) {
      for (const item of [
        { kind: 'begin' } as const,
        evaluation(10, 2),
        evaluation(20, null),
        evaluation(30, 1.6),
      ]) {
        tell(item);
      }
      tell({ kind: 'live' });
    }
    expect(list.measurements).toEqual([
      { iteration: 10, loss: 2 },
      { iteration: 30, loss: 1.6 },
    ]);
    tell(evaluation(40, 9));
    tell({ kind: 'rollback', iteration: 30 });
    tell(evaluation(40, 1.5));
    expect(list.measurements.map(({ loss }) => loss)).toEqual([2, 1.6, 1.5]);
  });

  it('is read again for a new checkpoint, but not for every past one', async () => {
    const { bridge, asked, tell } = host();
    const list = new CheckpointList(bridge, 'a');
    list.watch();
    tell({ kind: 'begin' });
    for (let i = 0; i < 5; i++) tell(saved);
    tell({ kind: 'live' });
    expect(asked).toHaveLength(0);
    for (let i = 0; i < 5; i++) tell(saved);
    expect(asked).toHaveLength(1);
    asked[0]?.();
    // Events during the read need one more read, and only one.
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]?.();
    await vi.waitFor(() => expect(list.checkpoints).toEqual([]));
    expect(asked).toHaveLength(2);
  });

  it('keeps what it has when it cannot be read, and says why', async () => {
    const { bridge, asked, answers } = host();
    const list = new CheckpointList(bridge, 'a');
    answers.push([], new CharloomError('storage', 'The disk is gone.'));
    const first = list.refresh();
    asked[0]?.();
    await first;
    const second = list.refresh();
    asked[1]?.();
    await second;
    expect(list.checkpoints).toEqual([]);
    expect(list.problem).toMatchObject({ message: 'The disk is gone.' });
  });

  it('ends its stream', () => {
    const { bridge, closed } = host();
    new CheckpointList(bridge, 'a').watch()();
    expect(closed()).toBe(1);
  });
});
