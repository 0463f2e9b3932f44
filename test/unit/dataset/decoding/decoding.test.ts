import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { createDecoding, encodingName } from '../../../../src/engine/dataset/decoding/encodings.ts';
import { cut, decodeAll, pieceLengths } from '../../../support/pieces.ts';

const samples: Record<string, string> = {
  'utf-8': 'naïve — “so” 😀 吾輩は猫である\r\n',
  'utf-16le': 'naïve — “so” 😀 吾輩は猫である\r\n',
  'utf-16be': 'naïve — “so” 😀 吾輩は猫である\r\n',
  'utf-32le': 'naïve — 😀',
  'utf-32be': 'naïve — 😀',
  'windows-1252': 'Il était une fois à l’époque… cœur €',
  'windows-1250': 'Příliš žluťoučký kůň úpěl ďábelské ódy',
  'windows-1251': 'Все счастливые семьи похожи друг на друга',
  'koi8-r': 'Все счастливые семьи похожи друг на друга',
  'iso-8859-7': 'Καλημέρα κόσμε, τι κάνεις',
  'windows-1255': 'שלום עולם',
  macintosh: 'Il était une fois à l’époque… cœur',
  cp437: '╔══╗ é ñ',
  shift_jis: '吾輩は猫である。名前はまだ無い。',
  'euc-jp': '吾輩は猫である。名前はまだ無い。',
  gb18030: '学而时习之，不亦说乎？😀',
  big5: '學而時習之，不亦說乎？',
  'euc-kr': '나는 학교에 갑니다.',
};

/** Every maximal wrong prefix is one U+FFFD, as the platform's own decoder has it. */
const platform = (encoding: string, bytes: Uint8Array) =>
  new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);

describe('decoding', () => {
  test.each(Object.entries(samples))('%s comes back, however it is cut', (encoding, text) => {
    const bytes = iconv.encode(text, encoding);
    fc.assert(
      fc.property(pieceLengths, (lengths) => {
        expect(decodeAll(createDecoding(encoding), cut(bytes, lengths))).toEqual({ text, invalid: [] });
      }),
      { numRuns: 30 },
    );
  });

  test.each(['utf-8', 'utf-16le', 'utf-16be'])('%s: any text comes back', (encoding) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), pieceLengths, (text, lengths) => {
        const bytes = iconv.encode(text, encoding);
        expect(decodeAll(createDecoding(encoding), cut(bytes, lengths))).toEqual({ text, invalid: [] });
      }),
    );
  });

  test.each(['utf-8', 'utf-16le', 'utf-16be'])(
    '%s: any bytes read as the platform reads them',
    (encoding) => {
      const byte = fc.oneof(
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(0xc3, 0xe0, 0xed, 0xef, 0xbf, 0xbd, 0xf0, 0xf4, 0x80, 0x9f, 0xa0, 0xd8, 0xdc),
      );
      fc.assert(
        fc.property(fc.array(byte, { maxLength: 40 }), pieceLengths, (values, lengths) => {
          const bytes = Uint8Array.from(values);
          const { text, invalid } = decodeAll(createDecoding(encoding), cut(bytes, lengths));
          expect(text).toBe(platform(encoding, bytes));
          const marks = Array.from(text).flatMap((symbol, at) => (symbol === '\uFFFD' ? [at] : []));
          for (const at of invalid) expect(marks).toContain(at);
        }),
        { numRuns: 1000 },
      );
    },
  );

  test.each(Object.keys(samples))(
    '%s: any bytes in any pieces read as in one piece, and none is lost',
    (encoding) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), pieceLengths, (bytes, lengths) => {
          const whole = decodeAll(createDecoding(encoding), [bytes]);
          expect(decodeAll(createDecoding(encoding), cut(bytes, lengths))).toEqual(whole);
          if (bytes.length > 0) expect(whole.text).not.toBe('');
        }),
      );
    },
  );

  test('bytes are their own symbols', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    const { text, invalid } = decodeAll(createDecoding('bytes'), [bytes]);
    expect([...Buffer.from(text, 'latin1')]).toEqual([...bytes]);
    expect(invalid).toEqual([]);
  });

  test('a U+FFFD of the text is not an error', () => {
    expect(decodeAll(createDecoding('utf-8'), [Buffer.from('a\uFFFDb')]).invalid).toEqual([]);
  });

  test('a byte that a code page lacks is an error with a place', () => {
    expect(decodeAll(createDecoding('windows-1252'), [Uint8Array.of(0x41, 0x81, 0x42)])).toEqual({
      text: 'A\uFFFDB',
      invalid: [1],
    });
  });
});

describe('names of encodings', () => {
  test.each([
    ['UTF8', 'utf-8'],
    ['latin1', 'windows-1252'],
    ['ISO-8859-1', 'windows-1252'],
    [' Windows-1251 ', 'windows-1251'],
    ['GB2312', 'gb18030'],
    ['iso-2022-jp', 'iso-2022-jp'],
  ])('%j is %s', (name, expected) => {
    expect(encodingName(name)).toBe(expected);
    expect(decodeAll(createDecoding(expected), [Buffer.from('plain')]).text).toBe('plain');
  });

  test.each(['klingon', '', 'base64', 'hex', 'utf-8x'])('%j is refused with examples', (name) => {
    expect(() => encodingName(name)).toThrow(expect.objectContaining({ code: 'bad-setting' }));
  });
});
