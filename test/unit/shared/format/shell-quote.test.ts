import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellCommand, shellQuote } from '../../../../src/shared/format/shell-quote.ts';

/** The words that a real shell makes of a command line, in a locale that knows bytes only. */
function wordsOf(line: string): readonly string[] {
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { env: { LC_ALL: 'C' } });
  return printed.toString('utf8').split('\0').slice(0, -1);
}

const oddWords = [
  '',
  ' ',
  '-',
  "Anna's novel",
  "''",
  '"$HOME"',
  '$(exit 3)',
  '`exit 3`',
  '~',
  '*',
  'a\\b',
  'trailing\\',
  'one\ntwo\ttabs',
  '{a,b}',
  '!!',
  '#no comment',
  'a;b&c|d>e<f',
  'Müller/näh à côté',
  'ĂԱ字',
  'no\u00a0break',
  '--mem=4G',
];

describe.skipIf(process.platform === 'win32').each(['script', 'posix'] as const)(
  'words quoted for a %s reader',
  (reader) => {
    test('are the same words to a shell', () => {
      expect(wordsOf(shellCommand(oddWords, reader))).toEqual(oddWords);
    });

    test('are the same words to a shell for any text', () => {
      const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
      fc.assert(
        fc.property(fc.array(word, { minLength: 1 }), (words) => {
          expect(wordsOf(shellCommand(words, reader))).toEqual(words);
        }),
        { numRuns: 50 },
      );
    });
  },
);

test('plain names stay as they are', () => {
  expect(shellQuote('runs/my-novel', 'posix')).toBe('runs/my-novel');
  expect(shellQuote('C:\\runs\\Müller', 'windows')).toBe('C:\\runs\\Müller');
  expect(shellQuote("runs/Anna's novel", 'posix')).toBe(`'runs/Anna'\\''s novel'`);
  expect(shellQuote('C:\\my runs\\a', 'windows')).toBe('"C:\\my runs\\a"');
});

test('a comma is quoted for PowerShell, which would split the word there', () => {
  expect(shellQuote('C:\\runs\\Emma, slowly', 'windows')).toBe('"C:\\runs\\Emma, slowly"');
  expect(shellQuote('0.001,0.002', 'windows')).toBe('"0.001,0.002"');
});

test('letters of other alphabets are quoted only in a script', () => {
  expect(shellQuote('Müller', 'posix')).toBe('Müller');
  expect(shellQuote('Müller', 'script')).toBe("'Müller'");
});
