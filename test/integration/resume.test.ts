import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recipeSettings } from '../../src/shared/domain/recipes.ts';
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

const modern = { ...recipeSettings('modern'), averageDecay: 0.9 };

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
  { title: 'the modern recipe', text: words, settings: { ...quickSettings, ...modern, numLayers: 3 } },
  {
    title: 'gru with everything against learning by heart, and Muon',
    text: words,
    settings: {
      ...{ ...quickSettings, ...modern, model: 'gru', optimizer: 'muon', clipBy: 'norm', weightDecay: 0.1 },
      ...{ weightDrop: 0.3, shiftedEpochs: true },
    },
  },
  // Words are the records: many start in every chunk.
  {
    title: 'records',
    text: words,
    settings: { ...quickSettings, ...modern, records: ' ', shuffleRecords: true },
  },
  recovering,
];

test('the case with recoveries returns to a checkpoint as well as to the beginning', async () => {
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

describe('the learning rate of a resumed run', () => {
  const rates = (run: string): unknown[] =>
    metricLines(run)
      .filter((line) => Object(line).event === 'step')
      .map((line): unknown => Object(line).rate);

  test('can be changed, decays from there, and is in the log', async () => {
    const runs = join(folder, 'rate');
    const { outcome } = await session({ text: words, runs, settings: quickSettings, stopAfter: 10 });
    await session({ resume: outcome.folder, settings: { learningRate: 0.001 } });
    const { trainFraction = 0.95, learningRateDecay = 0.97 } = quickSettings;
    expect(trainFraction).toBe(0.95);
    const all = rates(outcome.folder);
    expect(all.slice(9, 11)).toEqual([0.01, 0.001]);
    expect(all.at(-1)).toBe(0.001 * learningRateDecay);
    expect(readFileSync(join(outcome.folder, 'log.txt'), 'utf8')).toContain(
      'the learning rate was changed to 0.001 at iteration 10',
    );
  });

  test('is kept if nothing was saved since it was changed', async () => {
    const runs = join(folder, 'rate-lost');
    const settings = { learningRate: 0.001 };
    const whole = await session({ text: words, runs, settings: quickSettings, stopAfter: 10 });
    await session({ resume: whole.outcome.folder, settings });
    const { outcome } = await session({ text: words, runs, settings: quickSettings, stopAfter: 10 });
    // A process that dies after three steps leaves only the record and the checkpoint before.
    const before = join(outcome.folder, 'checkpoints');
    const kept = new Set(readdirSync(before));
    await session({ resume: outcome.folder, settings, stopAfter: 3 });
    for (const name of readdirSync(before)) if (!kept.has(name)) rmSync(join(before, name));
    rmSync(join(outcome.folder, 'resume.safetensors'), { force: true });
    await session({ resume: outcome.folder });
    expect(rates(outcome.folder)).toEqual(rates(whole.outcome.folder));
    expect(checkpointDigests(outcome.folder)).toEqual(checkpointDigests(whole.outcome.folder));
  });

  test('follows a falling schedule’s new end and new size', async () => {
    const runs = join(folder, 'rate-planned');
    const settings = { ...quickSettings, schedule: 'linear' } as const;
    const { outcome } = await session({ text: words, runs, settings });
    await session({ resume: outcome.folder, settings: { maxIterations: 90, learningRate: 0.02 } });
    const all = rates(outcome.folder);
    expect(all[44]).toBeCloseTo(0.01 / 45, 9);
    expect(all[45]).toBeCloseTo(0.02 / 2, 9);
    expect(all[89]).toBeCloseTo(0.02 / 90, 9);
  });
});

test('killed between evaluation and checkpoint: the evaluation is repeated, and reported once', async () => {
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
  'killed at random moments, many times, and resumed',
  { timeout: 180_000 },
  () => {
    test.each<Case & { readonly atLeast: number }>([
      { title: 'lstm', text: words, settings: { ...quickSettings, maxIterations: 200 }, atLeast: 8 },
      { ...recovering, atLeast: 4 },
    ])('$title: the losses and checkpoints are those of a run that was not', async ({ atLeast, ...one }) => {
      const runs = join(folder, `killed ${one.title}`);
      const whole = await session({ text: one.text, runs, settings: one.settings });
      // On a busy machine a run may finish before it was killed often enough: then another is used.
      for (let kills = 0; kills < atLeast;) {
        const killed = await killUntilDone({ text: one.text, settings: one.settings, runs }, kills);
        kills += killed.kills;
        expect(checkpointDigests(killed.run)).toEqual(checkpointDigests(whole.outcome.folder));
        expect(metricLines(killed.run)).toEqual(metricLines(whole.outcome.folder));
      }
    });
  },
);
