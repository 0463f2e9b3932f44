import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mix32 } from '../../src/engine/random/hash.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import {
  checkpointDigests,
  cliffSettings,
  cliffText,
  metricLines,
  quickSettings,
  session,
  startSession,
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
    for (const stopAfter of [1, 2, 6, 7, 8, 20, 29, 32, 38, 39, last]) {
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

/** Kills a run again and again, at moments drawn by lot, until it is done. */
async function killUntilDone(
  { text, settings }: Case,
  runs: string,
  seed: number,
): Promise<{ run: string; kills: number }> {
  let run: string | undefined;
  for (let kills = 0; ; kills++) {
    const drawn = mix32(seed + kills + 1);
    // Resume points with every step, now and then, or never: then only scheduled checkpoints are there to go on from.
    const resumePointEvery = [0, 4, 60_000][drawn % 3];
    const begin = run === undefined ? { text, runs, settings } : { resume: run };
    const running = startSession({ ...begin, resumePointEvery, slowness: 5 });
    const start = Object(JSON.parse(await running.line((line) => line.includes('"start"'))));
    run = String(start.folder);
    const target = `"iteration":${Number(start.iteration) + 1 + ((drawn >>> 4) % 40)},`;
    // A run that ends before it gets there is done.
    await running.line((line) => line.includes('"step"') && line.includes(target)).catch(() => undefined);
    // A little later still: in the middle of the next step, or of whatever is being written.
    const moment = performance.now() + ((drawn >>> 12) % 50) / 10;
    while (performance.now() < moment);
    running.process.kill('SIGKILL');
    if ((await running.finished).code === 0) return { run, kills };
  }
}

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
        const killed = await killUntilDone(one, runs, kills);
        kills += killed.kills;
        expect(checkpointDigests(killed.run)).toEqual(checkpointDigests(whole.outcome.folder));
        expect(metricLines(killed.run)).toEqual(metricLines(whole.outcome.folder));
      }
    });
  },
);
