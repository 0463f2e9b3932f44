import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { forceEncoding, guessEncoding } from '../../../../src/engine/dataset/decoding/guess.ts';

const french = 'Il était une fois, à l’époque des rois, une fée très âgée. Où est-elle? Ça va, mon cœur. ';
const russian =
  'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. ';
const japanese = '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。';
const chinese = '学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？';

describe('guessing an encoding', () => {
  test.each([
    ['utf-8', 'plain English'],
    ['utf-8', french],
    ['utf-16le', 'It was a dark night.\n'],
    ['utf-16be', french],
    ['utf-16le', `${chinese}\n${chinese} 2026\n`],
    ['windows-1252', french],
    ['windows-1251', russian],
    ['koi8-r', russian],
    ['shift_jis', japanese],
    ['euc-jp', japanese],
    ['gb18030', chinese],
  ])('%s: %s', (encoding, text) => {
    const guess = guessEncoding(iconv.encode(text.repeat(3), encoding));
    expect(guess).toMatchObject({ encoding, markBytes: 0 });
    expect(guess.source).toBe(encoding.startsWith('utf') ? 'form' : 'guess');
  });

  test.each([
    ['utf-8', [0xef, 0xbb, 0xbf]],
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
    ['utf-32le', [0xff, 0xfe, 0, 0]],
    ['utf-32be', [0, 0, 0xfe, 0xff]],
  ])('the mark of %s tells it, and is no symbol', (encoding, mark) => {
    const bytes = Buffer.concat([Uint8Array.from(mark), iconv.encode('hello', encoding)]);
    expect(guessEncoding(bytes)).toMatchObject({
      encoding,
      source: 'byte-order-mark',
      markBytes: mark.length,
    });
  });

  test('a UTF-8 text with a damaged place, or cut within a character, is still UTF-8', () => {
    const bytes = Buffer.from(french);
    expect(guessEncoding(Buffer.concat([bytes, Uint8Array.of(0xff), bytes])).encoding).toBe('utf-8');
    expect(guessEncoding(Buffer.from('aé').subarray(0, 2)).encoding).toBe('utf-8');
  });

  test('one curly quote of windows-1252 is enough', () => {
    expect(guessEncoding(iconv.encode('it’s a fine day', 'windows-1252')).encoding).toBe('windows-1252');
  });

  test('any bytes get a guess with a decoder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const guess = guessEncoding(bytes);
        expect(forceEncoding(guess.encoding, bytes).encoding).toBe(guess.encoding);
      }),
    );
  });
});

describe('forcing an encoding', () => {
  test('takes precedence, and removes only its own byte order mark', () => {
    const marked = Buffer.from('\uFEFFhi');
    expect(forceEncoding('windows-1252', marked)).toMatchObject({ encoding: 'windows-1252', markBytes: 0 });
    expect(forceEncoding('utf-8', marked)).toMatchObject({
      encoding: 'utf-8',
      markBytes: 3,
      source: 'forced',
    });
  });

  test('utf-16 takes its byte order from the mark, else from the text', () => {
    expect(forceEncoding('utf-16', Uint8Array.of(0xfe, 0xff, 0, 65))).toMatchObject({
      encoding: 'utf-16be',
      markBytes: 2,
    });
    expect(forceEncoding('utf16', Uint8Array.of(0, 65, 0, 66, 0, 67)).encoding).toBe('utf-16be');
    expect(forceEncoding('utf16', Uint8Array.of(65, 0x4e)).encoding).toBe('utf-16le');
  });
});
