import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blocksOf,
  cutAt,
  emptyText,
  neighbour,
  offsetsOf,
  pageOf,
  positionAt,
  replaceFrom,
  symbolAt,
  textOf,
  wordNeighbour,
  type WrittenText,
} from '../../../src/renderer/stores/writing/written-text.ts';

function write(
  symbols: readonly string[],
  written: WrittenText = emptyText,
  at = written.length,
): WrittenText {
  return replaceFrom(
    written,
    at,
    symbols,
    symbols.map((_, index) => index / symbols.length),
  );
}

/** A batch of symbols inserted into the text, computed with a plain array. */
const batches = fc.array(
  fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    texts: fc.array(fc.constantFrom('a', '\n', '\r\n', '😀', '', ' '), { minLength: 1, maxLength: 2500 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('written text', () => {
  it('holds what an array of symbols would hold, for batches at any position', () => {
    fc.assert(
      fc.property(batches, (all) => {
        let expected: string[] = [];
        let written = emptyText;
        for (const { share, texts } of all) {
          const position = Math.floor(share * expected.length);
          expected = [...expected.slice(0, position), ...texts];
          written = write(texts, written, position);
        }
        expect(textOf(written)).toBe(expected.join(''));
        expect(written.length).toBe(expected.length);
        expect(written.pages.flatMap(({ texts }) => texts)).toEqual(expected);
        let start = 0;
        for (const page of written.pages) {
          expect(page.start).toBe(start);
          expect(page.probabilities).toHaveLength(page.texts.length);
          start += page.texts.length;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the pages before the last unchanged, so that only the last is drawn again', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => (index % 40 === 39 ? '\n' : 'x'));
    const first = write(lines);
    const second = write(['y', 'z'], first);
    expect(first.pages.length).toBeGreaterThan(2);
    for (const [index, page] of first.pages.slice(0, -1).entries()) expect(second.pages[index]).toBe(page);
  });

  it('makes blocks of whole lines, and pages of bounded length even of a line without end', () => {
    const texts = [
      ...Array.from({ length: 5000 }, (_, index) => (index % 333 === 332 ? '\n' : 'x')),
      ...Array.from({ length: 9000 }, () => 'z'),
      '\n',
      'y',
    ];
    let written = emptyText;
    for (let from = 0; from < texts.length; from += 70)
      written = write(texts.slice(from, from + 70), written);
    const blocks = blocksOf(written);
    expect(blocks.flat()).toEqual(written.pages);
    for (const block of blocks.slice(0, -1)) expect(block.at(-1)?.texts.at(-1)).toBe('\n');
    expect(blocks.length).toBeGreaterThan(3);
    for (const page of written.pages) expect(page.texts.length).toBeLessThanOrEqual(2000);
  });

  it('ignores a batch that would leave a gap: it belongs to an earlier text', () => {
    const written = write(['a', 'b']);
    expect(write(['z'], written, 5)).toBe(written);
  });

  it('cuts before a position and leaves earlier versions alone', () => {
    const written = write([...'To be, or not to be']);
    expect(textOf(cutAt(written, 5))).toBe('To be');
    expect(textOf(written)).toBe('To be, or not to be');
    expect(cutAt(written, 0)).toEqual(emptyText);
  });

  it('finds the symbol under an offset of characters, surrogate pairs and silent bytes included', () => {
    const written = write(['a', '😀', '', 'b']);
    const page = pageOf(written, 3);
    if (page === undefined) throw new Error('no page');
    expect([0, 1, 2, 3, 99].map((offset) => positionAt(page, offset))).toEqual([0, 1, 1, 3, 3]);
    expect(offsetsOf(page, 1)).toEqual({ from: 1, to: 3 });
    expect(offsetsOf(page, 3)).toEqual({ from: 3, to: 4 });
    expect(symbolAt(written, 1)?.text).toBe('😀');
    expect(symbolAt(written, 9)).toBeUndefined();
  });

  it('moves from symbol to symbol and from word to word', () => {
    const written = write([...'One fine day', '', '.']);
    expect(neighbour(written, 11, 1)).toBe(13);
    expect(neighbour(written, 0, -1)).toBe(0);
    expect(wordNeighbour(written, 0, 1)).toBe(4);
    expect(wordNeighbour(written, 6, -1)).toBe(4);
    expect(wordNeighbour(written, 9, 1)).toBe(13);
  });
});
