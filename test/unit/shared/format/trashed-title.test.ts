import { expect, test } from 'vitest';
import type { TrashedItem } from '../../../../src/shared/domain/trash.ts';
import { trashedTitle } from '../../../../src/shared/format/trashed-title.ts';

const checkpoint = (name: string, run = 'alice'): TrashedItem => ({ kind: 'checkpoint', name, run });
const run = (name: string): TrashedItem => ({ kind: 'run', name, run: name });
const title = (items: readonly TrashedItem[]): string =>
  trashedTitle({ undo: 'x', removed: '2026-01-01T00:00:00Z', bytes: 1, items }, (id) =>
    id === 'alice' ? 'Alice' : id,
  );

test.each([
  [[run('Emma')], 'Run “Emma”'],
  [[run('Emma'), run('Ulysses')], '2 runs: “Emma”, “Ulysses”'],
  [['A', 'B', 'C', 'D', 'E'].map(run), '5 runs: “A”, “B”, “C” and 2 more'],
  [[checkpoint('a.safetensors')], 'Checkpoint a.safetensors of “Alice”'],
  [[checkpoint('a'), checkpoint('b')], '2 checkpoints of “Alice”'],
  [[checkpoint('a'), checkpoint('b', 'emma')], '2 items: a, b'],
  [[{ kind: 'model', name: 'm.safetensors', run: null } as const], 'Imported model m.safetensors'],
])('the title of a removal says what it holds: %j', (items, expected) => {
  expect(title(items)).toBe(expected);
});
