import { expect, test } from 'vitest';
import { mix32 } from '../../../../src/engine/random/hash.ts';
import { DuplicateBlocks } from '../../../../src/engine/dataset/survey/duplicate-blocks.ts';

test('of more blocks than memory is kept for, the share that repeats is still told', () => {
  const blocks = new DuplicateBlocks();
  const count = 3_000_000;
  const hash = (index: number) => mix32(index) * 1_000_003;
  // The last fifth repeats the fifth before it; every line is long enough to be a block of its own.
  for (let index = 0; index < count; index += 1) {
    blocks.addLine(hash(index < 0.8 * count ? index : index - 0.2 * count), 300, index + 1);
  }
  const share = blocks.finish().symbols / (count * 300);
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.22);
});
