import { expect, test } from 'vitest';
import { inPortions, type Portion } from '../../../src/workbench/runs/in-portions.ts';

/** Work whose every item is finished by hand. */
function bench(
  count: number,
  { first, intervalMs }: { readonly first: number; readonly intervalMs: number },
) {
  const items = Array.from({ length: count }, (_, index) => index);
  const finishers = items.map(() => Promise.withResolvers<string>());
  const portions: Portion<string>[] = [];
  const done = inPortions(items, (item) => finishers[item]?.promise ?? Promise.reject(new Error('no item')), {
    limit: count,
    first,
    intervalMs,
    tell: (portion) => portions.push(portion),
  });
  const finish = async (...places: readonly number[]): Promise<void> => {
    for (const place of places) {
      finishers[place]?.resolve(`item ${place}`);
      // Until what waits for it has run.
      await new Promise(setImmediate);
    }
  };
  return { portions, done, finish };
}

test('results come in order, whichever is ready first', async () => {
  const { portions, done, finish } = bench(5, { first: 2, intervalMs: 0 });
  await finish(3, 1);
  expect(portions).toEqual([]);
  await finish(0);
  expect(portions).toEqual([{ results: ['item 0', 'item 1'], remaining: 3 }]);
  await finish(4);
  expect(portions).toHaveLength(1);
  await finish(2);
  await done;
  expect(portions.slice(1)).toEqual([{ results: ['item 2', 'item 3', 'item 4'], remaining: 0 }]);
});

test('later portions wait until there is enough for one', async () => {
  const { portions, done, finish } = bench(6, { first: 2, intervalMs: 60_000 });
  await finish(0, 1, 2, 3, 4, 5);
  await done;
  expect(portions.map(({ results, remaining }) => [results.length, remaining])).toEqual([
    [2, 4],
    [4, 0],
  ]);
});

test.each([0, 1])('of %i items there is one portion, and nothing remains', async (count) => {
  const { portions, done, finish } = bench(count, { first: 12, intervalMs: 0 });
  await finish(...Array.from({ length: count }, (_, index) => index));
  await done;
  expect(portions.map(({ results, remaining }) => [results.length, remaining])).toEqual([[count, 0]]);
});
