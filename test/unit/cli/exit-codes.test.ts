import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, exitCodes } from '../../../src/cli/exit-codes.ts';
import { describeError } from '../../../src/cli/report-error.ts';
import { makeFolder } from '../../../src/node/files/make-folder.ts';
import { CharloomError } from '../../../src/shared/errors.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');

describe('exit codes', () => {
  test.each([
    ['usage', 2],
    ['bad-text', 2],
    ['data-too-small', 2],
    ['text-changed', 2],
    ['check-failed', 1],
    ['backend-unavailable', 3],
    ['storage', 4],
    ['run-busy', 5],
    ['exploded', 6],
    ['cancelled', 130],
  ] as const)('%s ends with %d', (code, exitCode) => {
    expect(exitCodeOf(new CharloomError(code, 'A sentence.'))).toBe(exitCode);
  });

  test('anything that is no CharloomError is a defect, and says so', () => {
    expect([new TypeError('x'), 'x', undefined].map(exitCodeOf)).toEqual([70, 70, 70]);
    expect(describeError(new TypeError('x is not a function'))).toContain('Please report it');
  });

  test('advice to choose another folder says how', async () => {
    const refused: unknown = await makeFolder(import.meta.filename).catch((error: unknown) => error);
    const ways = '--out for runs, CHARLOOM_HOME for everything that Charloom stores';
    expect(describeError(refused)).toMatch(
      new RegExp(`\\n {2}Choose another folder \\(${ways}\\), or move the file away\\.$`),
    );
  });

  test('each is explained in docs/command-line.md', () => {
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { code, meaning } of Object.values(exitCodes)) {
      expect(rows).toContainEqual(['', String(code), meaning, '']);
    }
  });
});

test('docs/command-line.md has a section for every command', async () => {
  const { createProgram } = await import('../../../src/cli/program.ts');
  for (const command of createProgram().commands)
    expect(page).toMatch(new RegExp(`^## .*\\b${command.name()}\\b`, 'm'));
});
