import { expect, test } from 'vitest';
import { Library } from '../../../src/renderer/stores/library.svelte.ts';
import type { Router } from '../../../src/renderer/stores/router.svelte.ts';
import { Messages } from '../../../src/renderer/stores/messages.svelte.ts';
import type { Run } from '../../../src/shared/domain/run.ts';
import type { Bridge, StreamItem } from '../../../src/shared/ipc/contract.ts';

type Item = StreamItem<'workbench.watch'>;

function openLibrary() {
  let hear: (item: Item) => void = () => undefined;
  const bridge = {
    onConnection: () => () => undefined,
    open: (_name: string, _params: unknown, onItem: typeof hear) => {
      hear = onItem;
      return { send: () => undefined, close: () => undefined, ended: new Promise<void>(() => undefined) };
    },
    request: () => new Promise(() => undefined),
  } as unknown as Bridge;
  const library = new Library(bridge, new Messages(), {} as Router, { tell: () => undefined });
  library.start();
  return { library, tell: (item: Item) => hear(item) };
}

const run = (id: string, minute: number, iteration = 1): Run =>
  ({ id, created: `2026-11-24T10:${minute}:00.000Z`, state: 'finished', iteration }) as Run;

test('the newest runs are there before the others, and nothing moves when those come', () => {
  const { library, tell } = openLibrary();
  const seen = (): unknown => [library.runs.map(({ id }) => id), library.remaining, library.ready];
  expect(seen()).toEqual([[], 0, false]);
  tell({ kind: 'runs', place: 0, runs: [run('c', 40), run('b', 30)], remaining: 1 });
  expect(seen()).toEqual([['c', 'b'], 1, false]);
  tell({ kind: 'runs', place: 2, runs: [run('a', 20)], remaining: 0 });
  expect(seen()).toEqual([['c', 'b', 'a'], 0, true]);
});

test('after a lost connection the list stays whole until it has come again', () => {
  const { library, tell } = openLibrary();
  tell({ kind: 'runs', place: 0, runs: [run('b', 30), run('a', 20)], remaining: 0 });
  tell({ kind: 'runs', place: 0, runs: [run('b', 30, 2)], remaining: 1 });
  expect(library.runs.map(({ id, iteration }) => [id, iteration])).toEqual([
    ['b', 1],
    ['a', 1],
  ]);
  expect([library.remaining, library.ready]).toEqual([0, true]);
  tell({ kind: 'runs', place: 1, runs: [run('a', 20, 2)], remaining: 0 });
  expect(library.runs.map(({ iteration }) => iteration)).toEqual([2, 2]);
});

test('a host that was lost while the runs came starts them again', () => {
  const { library, tell } = openLibrary();
  tell({ kind: 'runs', place: 0, runs: [run('b', 30)], remaining: 1 });
  tell({ kind: 'runs', place: 0, runs: [run('b', 30)], remaining: 1 });
  tell({ kind: 'runs', place: 1, runs: [run('a', 20)], remaining: 0 });
  expect(library.runs.map(({ id }) => id)).toEqual(['b', 'a']);
});
