import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassageSearch, type CopiedParts } from '../../../src/engine/copying/passage-search.ts';
import { comparableCorpus, comparableSample } from '../../../src/engine/copying/comparable.ts';
import type { Corpus } from '../../../src/engine/dataset/corpus.ts';
import { createVocabulary, indexByCode } from '../../../src/engine/dataset/vocabulary.ts';

const letters = createVocabulary(
  'characters',
  Array.from('\n abcdefghijklmnopqrstuvwxyzä😀', (c) => c.codePointAt(0) ?? 0).sort((a, b) => a - b),
);

const index = indexByCode(letters);

function spelled(text: string): Int32Array {
  return comparableSample(text, 'characters').codes.map((code) => index[code] ?? -1);
}

function search(sample: string, text: string, shortest: number, parts = [[0, text.length]]): CopiedParts {
  const symbols = Uint8Array.from(spelled(text));
  const found = new PassageSearch(spelled(sample), shortest);
  for (const [start = 0, end = 0] of parts) found.scan(symbols, { start, end });
  return found.finish();
}

/** Every window of the sample, looked up in the text by the language itself. */
function coveredByForce(sample: string, text: string, shortest: number): boolean[] {
  const covered = Array.from(sample, () => false);
  for (let start = 0; start + shortest <= sample.length; start++) {
    if (text.includes(sample.slice(start, start + shortest))) covered.fill(true, start, start + shortest);
  }
  return covered;
}

describe('the search for passages', () => {
  it('finds a passage with its position, and nothing that is shorter', () => {
    const text = 'the quick brown fox jumps over the lazy dog';
    const { passages, covered, symbols } = search('a quick brown cat jumps over it', text, 10);
    expect(passages).toEqual([
      { start: 1, length: 13, position: 3 },
      { start: 17, length: 12, position: 19 },
    ]);
    expect(covered).toEqual([
      { start: 1, length: 13 },
      { start: 17, length: 12 },
    ]);
    expect(symbols).toBe(25);
  });

  it('never reaches beyond a stretch, and finds a passage across two parts of one', () => {
    const text = 'abcdefghijklmnop';
    expect(
      search('abcdefghijklmnop', text, 4, [
        [0, 7],
        [7, 16],
      ]).passages,
    ).toEqual([
      { start: 7, length: 9, position: 7 },
      { start: 0, length: 7, position: 0 },
    ]);
    const symbols = Uint8Array.from(spelled(text));
    const found = new PassageSearch(spelled('xxdefghijkxx'), 4);
    const stretch = { start: 0, end: 16 };
    for (const from of [0, 5, 10]) found.scan(symbols, stretch, from, from + 5);
    expect(found.finish().passages).toEqual([{ start: 2, length: 8, position: 3 }]);
  });

  it('covers exactly what an exhaustive search covers', () => {
    const word = fc
      .array(fc.constantFrom('a', 'b', 'c', ' '), { maxLength: 120 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 9 }), (sample, text, shortest) => {
        const { covered, passages, symbols } = search(sample, text, shortest);
        const expected = coveredByForce(sample, text, shortest);
        const actual = Array.from(sample, () => false);
        for (const { start, length } of covered) actual.fill(true, start, start + length);
        expect(actual).toEqual(expected);
        expect(symbols).toBe(expected.filter(Boolean).length);
        for (const { start, length, position } of passages) {
          expect(text.slice(position, position + length)).toBe(sample.slice(start, start + length));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stays quick where sample and text repeat themselves', () => {
    const { symbols } = search(' '.repeat(20_000), ' '.repeat(200_000), 30);
    expect(symbols).toBe(20_000);
  });

  it('copes with a sample that is shorter than a passage, and with an empty one', () => {
    expect(search('abc', 'abcabcabc', 4)).toEqual({ passages: [], covered: [], symbols: 0 });
    expect(search('', 'abc', 4)).toEqual({ passages: [], covered: [], symbols: 0 });
  });
});

function corpusOf(text: string): Corpus {
  const codes = [...new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0))];
  const vocabulary = createVocabulary('characters', codes);
  const at = indexByCode(vocabulary);
  const symbols = Uint8Array.from(Array.from(text), (character) => at[character.codePointAt(0) ?? 0] ?? 0);
  return { vocabulary, symbols, encoding: 'utf-8' };
}

describe('texts in comparable form', () => {
  it('know where each symbol begins, and count bytes where a model reads bytes', () => {
    expect([...comparableSample('a😀Zb', 'characters').offsets]).toEqual([0, 1, 3, 4, 5]);
    const { codes, offsets } = comparableSample('aäa', 'bytes');
    expect([...codes]).toEqual([0x61, 0xc3, 0xa4, 0x61]);
    expect([...offsets]).toEqual([0, 1, 1, 2, 3]);
  });

  it.each([
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['cafe\u0301 u\u0308', 'café ü'],
    ['\u1112\u1161\u11ab', '한'],
  ])('%j is %j, and every symbol knows its place', (text, equal) => {
    const { symbols, symbolOf, positionOf, indexOf } = comparableCorpus(corpusOf(text));
    expect([...symbols]).toEqual([...comparableSample(equal, 'characters').codes].map(symbolOf));
    const places = Array.from(symbols, (_, place) => positionOf(place));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(positionOf(symbols.length)).toBe(Array.from(text).length);
    expect(places.map(indexOf)).toEqual([...symbols.keys()]);
  });

  it('are the text itself where nothing has another form', () => {
    const corpus = corpusOf('one two\nthree');
    expect(comparableCorpus(corpus).symbols).toBe(corpus.symbols);
  });
});
