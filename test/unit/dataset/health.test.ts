import { describe, expect, test } from 'vitest';
import { guessEncoding } from '../../../src/engine/dataset/decoding/guess.ts';
import { inspectHealth } from '../../../src/engine/dataset/health.ts';
import { surveyOf } from '../../support/survey.ts';

function health(text: string | Uint8Array, options = {}) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const encoding = guessEncoding(bytes);
  const survey = surveyOf(bytes.subarray(encoding.markBytes), { encoding: encoding.encoding });
  const { counts, characters } = survey;
  return inspectHealth({ survey, encoding, counts, characters }, options);
}

const codes = (text: string | Uint8Array) => health(text, { rareBelow: 1 }).map(({ code }) => code);

describe('the health report', () => {
  test('says nothing of a healthy text', () => {
    expect(codes('All happy families are alike;\nevery unhappy family is unhappy in its own way.\n')).toEqual(
      [],
    );
  });

  test('a passage that repeats one of its own line is not called the same as that line', () => {
    const passage = Array.from({ length: 60 }, (_, word) => `word${word}`).join(' ');
    const examples = (text: string) =>
      health(text)
        .find(({ code }) => code === 'duplicate-blocks')
        ?.examples.map((example) => example.text);
    expect(examples(`First.\n${passage} ${passage}\n`)).toEqual([
      'repeats a passage from earlier in the same line',
    ]);
    expect(examples(`First.\n${passage}\nBetween.\n${passage}\n`)).toEqual(['the same as line 2']);
  });

  test.each<[string, string | Uint8Array, string[]]>([
    ['byte order mark', '\uFEFFhello\n', ['byte-order-mark']],
    ['CRLF', 'a\r\nb\r\n', ['carriage-returns']],
    ['CR', 'a\rb\r', ['carriage-returns']],
    ['mixed line ends', 'a\r\nb\nc\n', ['mixed-line-ends']],
    ['NUL', 'some text with a \0 in it\n', ['null-characters']],
    ['control characters', 'some text with \u0007 a bell\n', ['control-characters']],
    ['replacement characters', 'caf\uFFFD\n', ['replacement-characters']],
    ['tabs', 'a\tb\n', ['tabs']],
    ['curly quotes', '“so”\n', ['smart-quotes']],
    ['both kinds of quotes', '“so” and "so"\n', ['mixed-quotes']],
    ['no-break space', 'a\u00A0b\n', ['invisible-characters']],
    ['a mark in the middle', 'a\uFEFFb\n', ['invisible-characters']],
    ['a long line', 'x'.repeat(5001) + '\n', ['duplicate-blocks', 'long-lines']],
    ['a long last line', 'x'.repeat(5001), ['one-symbol', 'duplicate-blocks', 'long-lines']],
    ['UTF-8 that was read as windows-1252', 'It\u00e2\u20ac\u2122s a caf\u00c3\u00a9\n', ['garbled-letters']],
    ['names that only look so', '\u00c2me de No\u00ebl, \u00e2ge d\u2019or\n', ['smart-quotes']],
    ['escapes of HTML', 'bread &amp; caf&eacute; &#233;\n', ['escapes']],
    ['escapes of JSON', 'caf\\u00e9 and R&D\n', ['escapes']],
    ['accents of two kinds', 'caf\u00e9 and cafe\u0301\n', ['mixed-accents']],
    ['undecodable bytes', Buffer.concat([Buffer.from('naïve '), Uint8Array.of(0xff)]), ['invalid-bytes']],
    ['a guessed encoding', Buffer.from('d\xe9j\xe0 vu, tr\xe8s bien\n', 'latin1'), ['encoding-guessed']],
    [
      'many symbols',
      String.fromCodePoint(...Array.from({ length: 1001 }, (_, index) => 0x4e00 + index)),
      ['large-vocabulary'],
    ],
  ])('%s', (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test('counts, examples with lines, a plain sentence', () => {
    expect(health('one\ttwo\nthree\n\tfour\n', { rareBelow: 1 })).toEqual([
      {
        code: 'tabs',
        level: 'note',
        message: '2 tabs: a separate symbol, not spaces.',
        count: 2,
        examples: [
          { line: 1, text: 'column 4: one␉two␊' },
          { line: 3, text: 'column 1: ␉four␊' },
        ],
      },
    ]);
  });

  test('rare symbols are named, the rarest first, with the line of the first', () => {
    const [finding] = health(`${'ab\n'.repeat(20)}é\né☃\n`);
    expect(finding).toMatchObject({
      code: 'rare-symbols',
      count: 2,
      examples: [
        { line: 22, text: '“☃”, once' },
        { line: 21, text: '“é”, 2 times' },
      ],
    });
  });

  test('what costs quality comes first', () => {
    const levels = health('a\tb\0\r\nc\n').map(({ level }) => level);
    expect(levels).toEqual(['warning', 'warning', 'note', 'note']);
  });
});
