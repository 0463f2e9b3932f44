import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Corpus } from '../../../src/engine/dataset/corpus.ts';
import { encodeText } from '../../../src/engine/dataset/encode-text.ts';
import { translateText } from '../../../src/engine/dataset/translate.ts';
import {
  createVocabulary,
  decodeSymbols,
  indexByCode,
  joinVocabularies,
} from '../../../src/engine/dataset/vocabulary.ts';

const codesOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);
const vocabularyOf = (text: string) => createVocabulary('characters', new Set(codesOf(text)));

function corpusOf(text: string): Corpus {
  const vocabulary = vocabularyOf(text);
  const index = indexByCode(vocabulary);
  const symbols = Uint32Array.from(codesOf(text), (code) => index[code] ?? 0);
  return { vocabulary, symbols, encoding: 'utf-8' };
}

function bytesOf(bytes: readonly number[]): Corpus {
  const vocabulary = createVocabulary('bytes', new Set(bytes));
  const index = indexByCode(vocabulary);
  return { vocabulary, symbols: Uint8Array.from(bytes, (code) => index[code] ?? 0), encoding: 'bytes' };
}

describe('a text in another vocabulary', () => {
  test('says what replaces what, how often, and what is left out', () => {
    const { symbols, unknown, lost } = translateText(
      corpusOf('“né” … né ☃☃'),
      vocabularyOf('abcdefghijklmnopqrstuvwxyz ."'),
    );
    expect(decodeSymbols(symbols, vocabularyOf('abcdefghijklmnopqrstuvwxyz ."'))).toBe('"ne" ... ne ');
    expect(unknown).toEqual([
      { character: '“', count: 1, replacement: '"' },
      { character: 'é', count: 2, replacement: 'e' },
      { character: '”', count: 1, replacement: '"' },
      { character: '…', count: 1, replacement: '...' },
      { character: '☃', count: 2, replacement: null },
    ]);
    expect(lost).toBe(2);
  });

  test('knows for every symbol where in the text it comes from', () => {
    const known = vocabularyOf('abcde. ');
    const letters = fc.constantFrom('a', 'b', 'c', 'e\u0301', 'é', '…', '☃', '\u00a0', '👩‍🚀', 'd');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        if (text === '') return;
        const source = codesOf(text);
        const { symbols, sourceOf } = translateText(corpusOf(text), known);
        expect(sourceOf(symbols.length)).toBe(source.length);
        let last = -1;
        symbols.forEach((symbol, place) => {
          const from = sourceOf(place);
          expect(from).toBeGreaterThanOrEqual(last);
          last = from;
          const [code = 0, original = 0] = [known.codes[symbol], source[from]];
          // Plain letters come from themselves, a full stop from an ellipsis or from its end, a letter from the accented one.
          if ('abcd'.includes(String.fromCodePoint(code))) expect(original).toBe(code);
          if (code === 32) expect(original).toBe(0xa0);
        });
      }),
    );
  });

  test('where nothing is unknown spells as opening words are spelled', () => {
    const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(any, any, (text, others) => {
        const corpus = corpusOf(text);
        const wider = joinVocabularies(vocabularyOf(others), corpus.vocabulary);
        const { symbols, unknown, lost, sourceOf } = translateText(corpus, wider);
        expect(Array.from(symbols)).toEqual(encodeText(text, wider).indices);
        expect([unknown, lost]).toEqual([[], 0]);
        expect(sourceOf(symbols.length)).toBe(corpus.symbols.length);
      }),
    );
  });

  test('replaces or leaves out as a whole what bytes spell in UTF-8', () => {
    const utf8 = (text: string) => [...new TextEncoder().encode(text)];
    // It has the first byte of both letters and the second of neither, and one whole letter of two bytes.
    const known = createVocabulary('bytes', [...utf8('abe ö'), 0xc3]);
    const text = [...utf8('aé ☃ö ñ'), 0xc3, ...utf8(' b'), 0xe9, 0xed, 0xa0, 0x80];
    const { symbols, unknown, lost, sourceOf } = translateText(bytesOf(text), known);
    const bytes = Array.from(symbols, (symbol) => known.codes[symbol] ?? -1);
    expect(bytes).toEqual([...utf8('ae ö '), 0xc3, ...utf8(' b')]);
    expect(unknown).toEqual([
      { character: 'é', count: 1, replacement: 'e' },
      { character: '☃', count: 1, replacement: null },
      { character: 'ñ', count: 1, replacement: null },
      ...['byte E9', 'byte ED', 'byte A0', 'byte 80'].map((character) => ({
        character,
        count: 1,
        replacement: null,
      })),
    ]);
    expect(lost).toBe(3 + 2 + 4);
    expect(sourceOf(bytes.length)).toBe(text.length);
  });

  test('leaves unknown bytes out and counts them', () => {
    const known = createVocabulary('bytes', [1, 2, 3]);
    const { symbols, unknown, lost, sourceOf } = translateText(bytesOf([9, 1, 200, 200, 3, 2, 9]), known);
    expect(Array.from(symbols, (symbol) => known.codes[symbol])).toEqual([1, 3, 2]);
    expect(unknown).toEqual([
      { character: '\t', count: 2, replacement: null },
      { character: 'byte C8', count: 2, replacement: null },
    ]);
    expect(lost).toBe(4);
    expect([0, 1, 2, 3].map(sourceOf)).toEqual([1, 4, 5, 7]);
  });
});
