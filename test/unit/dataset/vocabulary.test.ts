import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allocateSymbols,
  createVocabulary,
  createSymbolWriter,
  decodeSymbols,
  indexByCode,
  vocabularyFromSymbols,
  vocabularySymbols,
} from '../../../src/engine/dataset/vocabulary.ts';
import { encodeText } from '../../../src/engine/dataset/encode-text.ts';

const characters = (text: string) =>
  createVocabulary('characters', new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0)));
const bytes = (text: string) => createVocabulary('bytes', new Set(new TextEncoder().encode(text)));

describe('a vocabulary', () => {
  test('is sorted by code point, and a character outside the BMP is one symbol', () => {
    expect(vocabularySymbols(characters('😀zéa\uFFFDa\n'))).toEqual(['\n', 'a', 'z', 'é', '\uFFFD', '😀']);
  });

  test('comes back from its symbols', () => {
    const code = fc.integer({ min: 0, max: 0x10ffff }).filter((value) => value < 0xd800 || value > 0xdfff);
    fc.assert(
      fc.property(fc.uniqueArray(code, { minLength: 1 }), (codes) => {
        const vocabulary = createVocabulary('characters', codes);
        expect(vocabularyFromSymbols(vocabularySymbols(vocabulary), 'characters')).toEqual(vocabulary);
      }),
    );
    const all = createVocabulary(
      'bytes',
      Array.from({ length: 256 }, (_, value) => value),
    );
    expect(vocabularyFromSymbols(vocabularySymbols(all), 'bytes')).toEqual(all);
  });

  test.each([
    ['nothing', [], 'characters'],
    ['two characters in one entry', ['ab'], 'characters'],
    ['an empty entry', [''], 'characters'],
    ['wrong order', ['b', 'a'], 'characters'],
    ['the same twice', ['a', 'a'], 'characters'],
    ['a byte above 255', ['Ā'], 'bytes'],
  ] as const)('refuses %s', (_, symbols, mode) => {
    expect(() => vocabularyFromSymbols(symbols, mode)).toThrow(
      expect.objectContaining({ code: 'bad-checkpoint' }),
    );
  });

  test('more than 255 and more than 65,535 symbols work', () => {
    expect(allocateSymbols(256, 1)).toBeInstanceOf(Uint8Array);
    expect(allocateSymbols(257, 1)).toBeInstanceOf(Uint16Array);
    expect(allocateSymbols(65_536, 1)).toBeInstanceOf(Uint16Array);
    expect(allocateSymbols(65_537, 1)).toBeInstanceOf(Uint32Array);
    const many = createVocabulary(
      'characters',
      Array.from({ length: 70_000 }, (_, index) => 0x10000 + index),
    );
    const text = String.fromCodePoint(0x10000 + 69_999);
    expect(encodeText(text, many).indices).toEqual([69_999]);
    expect(indexByCode(many)[0x10000]).toBe(0);
  });
});

describe('writing symbols', () => {
  test('bytes become text once a character is whole', () => {
    const vocabulary = bytes('é😀a');
    const writer = createSymbolWriter(vocabulary);
    const { indices } = encodeText('aé😀', vocabulary);
    expect(indices.map((index) => writer.write(index))).toEqual(['a', '', 'é', '', '', '', '😀']);
    expect(writer.end()).toBe('');
  });

  test('an unfinished character is not swallowed', () => {
    const vocabulary = bytes('é');
    expect(decodeSymbols([1], vocabulary)).toBe('\uFFFD');
  });

  test('what was encoded comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        for (const vocabulary of [characters(text), bytes(text)]) {
          const encoded = encodeText(text, vocabulary);
          expect(encoded.unknown).toEqual([]);
          expect(decodeSymbols(encoded.indices, vocabulary)).toBe(text);
        }
      }),
    );
  });
});

describe('characters that the vocabulary lacks', () => {
  const plain = characters('abcdefghijklmnopqrstuvwxyzABC \'-".\n');

  test.each([
    ['it’s', "it's"],
    ['café', 'cafe'],
    ['a—b', 'a-b'],
    ['“so”', '"so"'],
    ['a\r\nb', 'a\nb'],
    ['straße', 'strasse'],
    ['well…', 'well...'],
    ['ﬁn', 'fin'],
    ['Zed', 'zed'],
    ['a\u00A0b', 'a b'],
    ['e\u0301', 'e'],
    ['co\u00ADop', 'coop'],
  ])('%j is read as %j', (text, expected) => {
    const encoded = encodeText(text, plain);
    expect(encoded.text).toBe(expected);
    expect(decodeSymbols(encoded.indices, plain)).toBe(expected);
  });

  test('are reported with their replacement, or with none', () => {
    expect(encodeText('é☃é', plain).unknown).toEqual([
      { character: 'é', count: 2, replacement: 'e' },
      { character: '☃', count: 1, replacement: null },
    ]);
  });

  test('curly quotes are found where only those are known', () => {
    expect(encodeText(`"it's"`, characters('its’“”')).text).toBe('”it’s”');
  });

  test('a letter and its accent are joined where only the joined form is known', () => {
    expect(encodeText('cafe\u0301', characters('café'))).toMatchObject({ text: 'café', unknown: [] });
  });

  test('in bytes mode a character is replaced whole', () => {
    expect(encodeText('é', bytes('e')).unknown).toEqual([{ character: 'é', count: 1, replacement: 'e' }]);
  });

  test('nothing crashes, and the used text is always spelt by the vocabulary', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary', minLength: 1 }),
        (text, known) => {
          for (const vocabulary of [characters(known), bytes(known)]) {
            const encoded = encodeText(text, vocabulary);
            expect(decodeSymbols(encoded.indices, vocabulary)).toBe(encoded.text);
          }
        },
      ),
    );
  });
});
