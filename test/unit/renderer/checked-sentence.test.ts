import { expect, test } from 'vitest';
import { checkedSentence } from '../../../src/renderer/views/give-away/checked-sentence.ts';

test.each([
  [6.3e-6, '0.00001'],
  [1e-5, '0.00001'],
  [1.1e-5, '0.0001'],
  [4e-8, '0.0000001'],
  [0, '0.000000001'],
])('%d is within %s', (largestDifference, bound) => {
  expect(checkedSentence({ symbols: 100, largestDifference })).toBe(
    `Checked with 100 symbols: it computes what the model computes, within ${bound}.`,
  );
});
