import { expect, it } from 'vitest';
import { concurrently } from '../../../src/shared/concurrently.ts';

it('gives the results in order, with no more under way than requested', async () => {
  let running = 0;
  let most = 0;
  const results = await concurrently([5, 1, 4, 2, 3], 2, async (turns) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    running--;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

it('throws the first failure and starts nothing after it', async () => {
  const begun: number[] = [];
  const work = concurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await Promise.resolve();
    if (item === 1) throw new Error('one');
    return item;
  });
  await expect(work).rejects.toThrow('one');
  expect(begun.length).toBeLessThan(5);
});

it('returns nothing for no work', async () => {
  expect(await concurrently([], 3, () => Promise.reject(new Error('never')))).toEqual([]);
});
