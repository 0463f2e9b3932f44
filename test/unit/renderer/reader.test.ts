import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitAt } from '../../../src/engine/dataset/batches.ts';
import { piecesOf } from '../../../src/renderer/views/text/pieces.ts';
import { placeInWords } from '../../../src/renderer/views/text/position-words.ts';
import { pointOf, positionAt } from '../../../src/renderer/views/text/stream-picture.ts';
import { pageLength, TextPages } from '../../../src/renderer/views/text/text-pages.svelte.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';

/** Two streams of 10 chunks of 50: 8 to train, 1 to validate, 1 to test; 7 symbols are dropped. */
const plan = planChunks({
  characters: 1007,
  batchSize: 2,
  sequenceLength: 50,
  trainFraction: 0.8,
  validationFraction: 0.1,
  maxEpochs: 1,
  maxIterations: 0,
});
const text = Array.from({ length: 1007 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
const codes = Array.from(text, (symbol) => symbol.codePointAt(0) ?? 0);

describe('pieces of an excerpt', () => {
  it('are the whole excerpt, each symbol in its split, whatever is marked in it', () => {
    const mark = fc.record({ start: fc.nat(1000), length: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.nat(1006), fc.nat(400), fc.array(mark), fc.nat(1006), (start, length, marks, at) => {
        const found = marks
          .map((each) => ({ start: each.start, end: each.start + each.length }))
          .sort((a, b) => a.start - b.start);
        const part = codes.slice(start, start + length);
        const pieces = piecesOf(plan, start, part, { found, at });
        expect(pieces.map((piece) => piece.text).join('')).toBe(text.slice(start, start + length));
        for (const piece of pieces) {
          for (let offset = 0; offset < piece.text.length; offset++) {
            const position = piece.start + offset;
            expect(splitAt(plan, position)).toBe(piece.place);
            expect(found.some((range) => range.start <= position && position < range.end)).toBe(
              piece.isFound,
            );
          }
        }
        if (at >= start && at < start + part.length) {
          expect(pieces.map((piece) => piece.start)).toContain(at);
        }
      }),
    );
  });

  it('are named where a long stretch begins, and not in its middle', () => {
    const named = piecesOf(plan, 0, codes).filter(({ isNamed }) => isNamed);
    // Validation and test are 50 symbols a stream: too short for a name.
    expect(named.map(({ start, place }) => [start, place])).toEqual([
      [0, 'train'],
      [500, 'train'],
    ]);
    expect(piecesOf(plan, 10, codes.slice(10, 100)).some(({ isNamed }) => isNamed)).toBe(false);
  });

  it('show characters without a glyph', () => {
    const [piece] = piecesOf(plan, 0, [65, 0, 13, 10, 9, 127, 0xd800, 0x1f600]);
    expect(piece?.text).toBe('A␀␍\n\t␡\ufffd😀');
  });
});

it('says in words where a position is', () => {
  expect(placeInWords(plan, 0)).toBe('training text, stream 1 of 2, 0 % of the way through');
  expect(placeInWords(plan, 910)).toBe('validation text, stream 2 of 2, 90 % of the way through');
  expect(placeInWords(plan, 1003)).toBe('not used, 100 % of the way through');
});

describe('the picture of the streams', () => {
  it('leads back to the position that it shows', () => {
    fc.assert(
      fc.property(fc.nat(999), (position) => {
        const { row, along } = pointOf(plan, position);
        expect(row).toBe(position < 500 ? 0 : 1);
        // The middle of the symbol: its edge is a matter of rounding.
        expect(positionAt(plan, { row: row + 0.5, along: along + 0.5 / 500 })).toBe(position);
      }),
    );
  });

  it('stays inside the text for every pointer position', () => {
    expect(positionAt(plan, { row: -3, along: -1 })).toBe(0);
    expect(positionAt(plan, { row: 99, along: 2 })).toBe(999);
  });
});

describe('pages of a text', () => {
  function pages(characters: number) {
    const asked: number[] = [];
    const all = new TextPages(characters, (start, count) => {
      expect(count).toBe(pageLength);
      asked.push(start / pageLength);
    });
    const answer = (page: number): void =>
      all.hear({ kind: 'excerpt', start: page * pageLength, codes: [page] });
    return { all, asked, answer };
  }

  it('are requested once, and only existing ones', () => {
    const { all, asked, answer } = pages(3 * pageLength + 1);
    expect(all.count).toBe(4);
    expect(all.want({ first: -1, last: 1 })).toBe(false);
    all.want({ first: 1, last: 9 });
    expect(asked).toEqual([0, 1, 2, 3]);
    [0, 1, 2, 3].forEach(answer);
    expect(all.want({ first: 0, last: 3 })).toBe(true);
    expect(asked).toHaveLength(4);
  });

  it('are requested again after a lost connection', () => {
    const { all, asked, answer } = pages(10 * pageLength);
    all.want({ first: 4, last: 5 });
    answer(4);
    all.hear({ kind: 'report', report: {} as never });
    expect(asked).toEqual([4, 5, 5]);
  });

  it('are discarded when they are far from the visible part', () => {
    const { all, answer } = pages(1_000_000_000);
    for (let page = 0; page < 500; page++) answer(page);
    expect(Object.keys(all.pages).length).toBeLessThan(100);
    expect(all.want({ first: 490, last: 499 })).toBe(true);
    expect(all.want({ first: 0, last: 0 })).toBe(false);
  });
});
