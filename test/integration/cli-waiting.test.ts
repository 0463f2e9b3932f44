import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runsResult } from '../../src/cli/json-output.ts';
import { changePlannedRun, reserveRun } from '../../src/node/files/reserved-run.ts';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { charloom } from '../support/processes.ts';
import { temporaryFolder, wordyText } from '../support/texts.ts';

const home = temporaryFolder('cli-waiting');
const runs = join(home, 'runs');
const text = join(home, 'words.txt');
const options = { env: { CHARLOOM_HOME: home } };

beforeAll(async () => {
  writeFileSync(text, wordyText(5000));
  const plan = {
    text: { path: text, title: 'words.txt' },
    ...{ encoding: null, initFrom: null, vocabulary: null, backend: 'auto' as const, threads: 0 },
  };
  const reserve = (name: string): Promise<string> =>
    reserveRun(runs, {
      settings: { ...defaultRunSettings, name },
      plan,
      created: '2026-01-02T03:04:05.000Z',
    });
  await reserve('patient');
  const failed = await reserve('hopeless');
  await changePlannedRun(failed, () => ({ state: 'failed', reason: 'There is no text at /gone.txt.' }));
});

const withRuns = (...words: readonly string[]) => charloom([...words, '--out', runs], options);

describe('a run that waits in the queue, on the command line', () => {
  test('is listed', async () => {
    const { stdout } = await withRuns('runs');
    expect(stdout).toMatch(/^patient +waiting +lstm 2x128$/m);
    expect(stdout).toMatch(/^hopeless +failed +lstm 2x128$/m);
    expect(stdout).toContain('problem: hopeless could not start: There is no text at /gone.txt.');
    const result = runsResult.parse(JSON.parse((await withRuns('runs', '--json')).stdout));
    expect(result.runs.map(({ name, status }) => [name, status])).toEqual([
      ['hopeless', 'failed'],
      ['patient', 'waiting'],
    ]);
    expect(result.runs[1]).toMatchObject({ text, i: 0, iterations: null, checkpoints: 0, reason: null });
  });

  test('differs from a run without a checkpoint', async () => {
    const { code, stderr } = await withRuns('checkpoints', 'patient');
    expect([code, stderr]).toEqual([0, expect.stringContaining('is in the queue and has not started')]);
  });

  test('is not started while a window has the queue', async () => {
    const before = readFileSync(join(runs, 'patient', 'run.json'), 'utf8');
    const { code, stderr } = await withRuns('train', '--resume', 'patient');
    expect([code, stderr]).toEqual([5, expect.stringContaining('is in the queue and has not started')]);
    expect(readdirSync(join(runs, 'patient'))).toEqual(['run.json']);
    expect(readFileSync(join(runs, 'patient', 'run.json'), 'utf8')).toBe(before);
    const hopeless = await withRuns('train', '--resume', 'hopeless');
    expect([hopeless.code, hopeless.stderr]).toEqual([2, expect.stringContaining('could not start')]);
  });

  test.each([
    ['sample', ['sample', 'patient']],
    ['show', ['show', 'patient']],
    ['eval', ['eval', 'patient', text]],
    ['copies', ['copies', 'patient', text]],
    ['a new run', ['train', text, '--init-from', 'patient']],
  ])('has no checkpoint for %s', async (_, words) => {
    const { code, stderr } = await withRuns(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'The run patient is in the queue and has not started yet. It has no checkpoint.',
    );
  });
});
