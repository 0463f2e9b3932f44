import { expect, it } from 'vitest';
import { positionByKey } from '../../../src/renderer/components/text/cursor-keys.ts';
import { emptyText, replaceFrom } from '../../../src/renderer/stores/writing/written-text.ts';

const symbols = [...'One fine day.'];
const text = replaceFrom(
  emptyText,
  0,
  symbols,
  symbols.map(() => 1),
);
const key = (name: string, others: { ctrlKey?: boolean; metaKey?: boolean } = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  ...others,
});

it('the cursor moves by symbols, by words, and to both ends', () => {
  expect(positionByKey(text, 4, key('ArrowRight'))).toBe(5);
  expect(positionByKey(text, 4, key('ArrowLeft'))).toBe(3);
  expect(positionByKey(text, 4, key('ArrowRight', { ctrlKey: true }))).toBe(9);
  expect(positionByKey(text, 4, key('ArrowLeft', { metaKey: true }))).toBe(0);
  expect(positionByKey(text, 4, key('Home'))).toBe(0);
  expect(positionByKey(text, 4, key('End'))).toBe(12);
});

it('the first arrow key starts at the end it comes from; other keys do not move the cursor', () => {
  expect(positionByKey(text, null, key('ArrowRight'))).toBe(0);
  expect(positionByKey(text, null, key('ArrowLeft'))).toBe(12);
  expect(positionByKey(text, 4, key('Enter'))).toBeUndefined();
  expect(positionByKey(text, 4, key('a'))).toBeUndefined();
});
