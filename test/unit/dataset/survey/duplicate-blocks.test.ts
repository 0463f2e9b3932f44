import { expect, test } from 'vitest';
import { mix32 } from '../../../../src/engine/random/hash.ts';
import { DuplicateBlocks } from '../../../../src/engine/dataset/survey/duplicate-blocks.ts';

test('the share of repeated windows is reported even beyond the memory limit', () => {
  const blocks = new DuplicateBlocks();
  const count = 12_000_000;
  // The last fifth repeats the fifth before it; no line ends at all.
  const codes = Uint32Array.from(
    { length: count },
    (_, index) => 97 + (mix32(index < 0.8 * count ? index : index - 0.2 * count) % 26),
  );
  for (let start = 0; start < count; start += 100_000) blocks.add(codes, start, start + 100_000, 1);
  const share = blocks.finish().symbols / count;
  expect(share).toBeGreaterThan(0.19);
  expect(share).toBeLessThan(0.21);
});

test.each([1, 5, 30, 1000])('a passage is found in lines of %d symbols', (length) => {
  const part = Array.from({ length: 2000 }, (_, index) => 97 + (mix32(index + 100_000) % 26));
  const text = [...part, ...Array.from({ length: 500 }, (_, index) => 97 + (mix32(index) % 26)), ...part];
  const codes = Uint32Array.from(text);
  const blocks = new DuplicateBlocks();
  for (let start = 0; start < codes.length; start += length) {
    blocks.add(codes, start, Math.min(codes.length, start + length), 1 + start / length);
  }
  const { symbols, blocks: places } = blocks.finish();
  expect(places).toBe(1);
  expect(Math.abs(symbols - 2000)).toBeLessThan(60);
});
