import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseCounts } from '../../../../src/engine/dataset/line-ends.ts';
import { surveyOf } from '../../../support/survey.ts';

const countsOf = (text: string) =>
  Array.from(text).reduce((counts, symbol) => {
    const code = symbol.codePointAt(0) ?? 0;
    return counts.set(code, (counts.get(code) ?? 0) + 1);
  }, new Map<number, number>());

const asMap = (counts: readonly { code: number; count: number }[]) =>
  new Map(counts.map(({ code, count }) => [code, count]));

describe('a survey', () => {
  const lively = fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\t',
      '\0',
      '\u0085',
      '\u2028',
      '\u2029',
      'é',
      '“',
      '\u00A0',
      '\uFFFD',
      '😀',
    ),
    maxLength: 200,
  });

  test('counts what is there, in any pieces', () => {
    fc.assert(
      fc.property(lively, fc.integer({ min: 1, max: 40 }), (text, piece) => {
        const survey = surveyOf(text, { piece });
        expect(asMap(survey.counts)).toEqual(countsOf(text));
        expect(survey.characters).toBe(Array.from(text).length);
        expect(survey.lineEnds).toEqual({
          crlf: text.match(/\r\n/g)?.length ?? 0,
          lf: text.match(/(?<!\r)\n/g)?.length ?? 0,
          cr: text.match(/\r(?!\n)/g)?.length ?? 0,
        });
        const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
        if (lines.at(-1) === '') lines.pop();
        expect(survey.lines).toBe(lines.length);
        const longest = Math.max(0, ...lines.map((line) => Array.from(line).length));
        expect(survey.longestLine.symbols).toBe(longest);
        expect(survey).toEqual(surveyOf(text));
      }),
      // What is found only where two pieces are looked at together.
      {
        examples: [
          ['é\u00A0“', 1],
          ['a\n&eacute;b', 3],
        ],
      },
    );
  });

  test.each([1, 3, 1000])(
    'knows the line of everything it finds, whatever ends lines (pieces of %i)',
    (piece) => {
      const survey = surveyOf('a\r\nb\rc\u0085d\u2028e\u2029f\n&eacute; é\t\r\n', { piece });
      expect(survey.lines).toBe(7);
      expect(survey.counts.find(({ code }) => code === 0xe9)?.firstLine).toBe(7);
      expect(survey.places.get('tabs')).toMatchObject([{ line: 7, column: 11 }]);
      expect(survey.places.get('control-characters')).toMatchObject([{ line: 3, column: 2 }]);
      if (piece === 1000) expect(survey.dirt.escapes.examples).toEqual([{ line: 7, text: '&eacute;' }]);
    },
  );

  test('takes a byte for a byte', () => {
    expect(surveyOf(Uint8Array.of(97, 0x85, 98), { encoding: 'bytes' }).lines).toBe(1);
    expect(surveyOf(Uint8Array.of(97, 0x85, 98, 10, 99), { encoding: 'bytes' }).lines).toBe(2);
  });

  test('counts after line ends are made LF are those of the rewritten text', () => {
    fc.assert(
      fc.property(lively, (text) => {
        const survey = surveyOf(text);
        const rewritten = text.replace(/\r\n?/g, '\n');
        expect(asMap(normaliseCounts(survey.counts, survey.lineEnds.crlf))).toEqual(countsOf(rewritten));
      }),
    );
  });

  test.each([1, 2, 3, 7, 1000])(
    'an invalid byte is found with its line, column and context (pieces of %i)',
    (piece) => {
      const bytes = Buffer.concat([
        Buffer.from('first line\nthe naïve second '),
        Uint8Array.of(0xff),
        Buffer.from(' goes on\nthird'),
      ]);
      const survey = surveyOf(bytes, { piece });
      expect(survey.invalid).toBe(1);
      expect(survey.places.get('invalid-bytes')).toEqual([
        { line: 2, column: 18, context: 'the naïve second \uFFFD goes on␊' },
      ]);
    },
  );

  test('a U+FFFD of the file differs from one that replaces a byte', () => {
    const survey = surveyOf(
      Buffer.concat([Buffer.from('a\uFFFDb'), Uint8Array.of(0xff), Buffer.from('\uFFFD')]),
    );
    expect(survey.invalid).toBe(1);
    expect(survey.places.get('invalid-bytes')).toMatchObject([{ column: 4 }]);
    expect(survey.places.get('replacement-characters')).toMatchObject([{ column: 2 }, { column: 5 }]);
  });

  test('only the first places are kept, however many there are', () => {
    expect(surveyOf('\t'.repeat(10_000), { piece: 100 }).places.get('tabs')).toHaveLength(5);
  });
});

describe('repeated blocks', () => {
  const line = (index: number) =>
    `line ${index} of a text that goes on with words of its own number ${index * 7919}`;
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => line(from + index)).join('\n');

  test('a repeated page is found once, with both places', () => {
    const { duplicates } = surveyOf(
      `${lines(0, 50)}\n\n${lines(50, 90)}\n${lines(10, 30)}\n${lines(100, 120)}`,
    );
    expect(duplicates.blocks).toBe(1);
    expect(duplicates.examples).toEqual([{ line: 92, sameAs: 11 }]);
    const share = duplicates.symbols / lines(10, 30).length;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.02);
  });

  test('a long paragraph on one line is a block of its own', () => {
    const paragraph = lines(10, 20).replaceAll('\n', ' ');
    expect(surveyOf(`${paragraph}\n${line(1)}\n${paragraph}\n`).duplicates.examples).toEqual([
      { line: 3, sameAs: 1 },
    ]);
  });

  test('refrains, short lines and blank ones are not reported', () => {
    const song = Array.from(
      { length: 100 },
      (_, index) => `Row, row, row\nyour boat\n\n${line(index)}\n`,
    ).join('');
    expect(surveyOf(song).duplicates.blocks).toBe(0);
    expect(surveyOf(lines(0, 5000)).duplicates.blocks).toBe(0);
  });
});
