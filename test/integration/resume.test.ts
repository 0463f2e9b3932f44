import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { killUntilDone } from '../support/kill-until-done.ts';
import {
  checkpointDigests,
  cliffSettings,
  cliffText,
  metricLines,
  quickSettings,
  session,
} from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('resume');
const words = writeText(folder, 'words.txt', wordyText(2000));
const cliff = writeText(folder, 'cliff.txt', cliffText);

interface Case {
  readonly title: string;
  readonly text: string;
  readonly settings: Partial<RunSettings>;
}

const recovering: Case = { title: 'lstm that explodes and recovers', text: cliff, settings: cliffSettings };
const cases: readonly Case[] = [
  { title: 'lstm', text: words, settings: quickSettings },
  { title: 'gru with Adam', text: words, settings: { ...quickSettings, model: 'gru', optimizer: 'adam' } },
  { title: 'rnn', text: words, settings: { ...quickSettings, model: 'rnn' } },
  recovering,
];

test('the case that recovers goes back to a checkpoint as well as to the beginning', async () => {
  const { outcome } = await session({ text: cliff, runs: join(folder, 'cliff'), settings: cliffSettings });
  expect(outcome.end).toBe('finished');
  const rollbacks = metricLines(outcome.folder).filter((line) => Object(line).event === 'rollback');
  expect(rollbacks.map((line) => Object(line).i)).toEqual([28, 0, 28, 0, 28, 0]);
});

describe.each(cases)('stopped at any iteration and resumed: $title', ({ title, text, settings }) => {
  test('the losses and checkpoints are those of a run that never stopped', async () => {
    const runs = join(folder, title);
    const whole = await session({ text, runs, settings });
    const expected = checkpointDigests(whole.outcome.folder);
    const last = whole.steps.length - 1;
    for (const stopAfter of [1, 2, 6, 7, 8, 20, 29, 31, 32, 38, 39, last]) {
      const stopped = await session({ text, runs, settings, stopAfter });
      expect(stopped.outcome.end).toBe('stopped');
      const { folder: run, iteration } = stopped.outcome;
      const resumed = await session({ resume: run });
      expect(resumed.outcome.end).toBe('finished');
      expect([...stopped.steps, ...resumed.steps]).toEqual(whole.steps);
      // Stopping keeps one more checkpoint, and measures for it; everything else is the same to the byte.
      expect(checkpointDigests(run)).toMatchObject(expected);
      const others = (line: unknown): boolean =>
        Object(line).event !== 'eval' || Object(line).i !== iteration;
      expect(metricLines(run).filter(others)).toEqual(metricLines(whole.outcome.folder).filter(others));
    }
  });
});

test('killed between measuring and keeping the checkpoint: the measurement is made again, and told once', async () => {
  const runs = join(folder, 'measured');
  const whole = await session({ text: words, runs, settings: quickSettings });
  // A stop keeps a resume point while it measures; without the checkpoint the folder is as a kill would have left it.
  const { outcome } = await session({ text: words, runs, settings: quickSettings, stopAfter: 14 });
  expect(metricLines(outcome.folder).at(-1)).toMatchObject({ event: 'eval', i: 14 });
  const checkpoints = join(outcome.folder, 'checkpoints');
  const [, second = ''] = readdirSync(checkpoints).toSorted();
  rmSync(join(checkpoints, second));
  await session({ resume: outcome.folder });
  expect(checkpointDigests(outcome.folder)).toEqual(checkpointDigests(whole.outcome.folder));
  expect(metricLines(outcome.folder)).toEqual(metricLines(whole.outcome.folder));
});

describe.skipIf(process.platform === 'win32')(
  'killed outright at random moments, many times, and resumed',
  { timeout: 180_000 },
  () => {
    test.each<Case & { readonly atLeast: number }>([
      { title: 'lstm', text: words, settings: { ...quickSettings, maxIterations: 200 }, atLeast: 8 },
      { ...recovering, atLeast: 4 },
    ])('$title: the losses and checkpoints are those of a run that was not', async ({ atLeast, ...one }) => {
      const runs = join(folder, `killed ${one.title}`);
      const whole = await session({ text: one.text, runs, settings: one.settings });
      // On a busy machine a run may be done before we come to kill it often: then another is.
      for (let kills = 0; kills < atLeast;) {
        const killed = await killUntilDone({ text: one.text, settings: one.settings, runs }, kills);
        kills += killed.kills;
        expect(checkpointDigests(killed.run)).toEqual(checkpointDigests(whole.outcome.folder));
        expect(metricLines(killed.run)).toEqual(metricLines(whole.outcome.folder));
      }
    });
  },
);
