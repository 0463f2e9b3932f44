import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainThroughLosses } from '../../src/cli/train/through-losses.ts';
import { RunController } from '../../src/node/session/controller.ts';
import { resumeRun } from '../../src/node/session/resume.ts';
import type { SessionHooks, SessionOutcome } from '../../src/node/session/session-types.ts';
import { startRun } from '../../src/node/session/start.ts';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { openLosingBackend, type Loss } from '../support/losing-backend.ts';
import { lostSentence } from '../support/served-backend.ts';
import { checkpointDigests, metricLines, quickSettings } from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('cli-losses');
const textPath = writeText(folder, 'words.txt', wordyText(2000));
const settings = { ...defaultRunSettings, ...quickSettings };

interface Told {
  readonly outcome: Promise<SessionOutcome>;
  readonly notices: readonly string[];
  readonly controller: RunController;
  readonly started: readonly string[];
}

/** Trains as `charloom train` does, on backends that are lost one after the other. */
function train(
  runs: string,
  losses: readonly Loss[],
  given: { readonly comeBackMs?: number; readonly hasGoneOn?: boolean } = {},
): Told {
  const left = [...losses];
  const controller = new RunController();
  const notices: string[] = [];
  const started: string[] = [];
  const loadBackend = () => openLosingBackend(left.shift());
  const outcome = trainThroughLosses({
    begin: (hooks: SessionHooks, control: RunController) =>
      startRun({ loadBackend, textPath, settings, runsFolder: join(folder, runs) }, hooks, control),
    goOn: (run) => (hooks, control) => resumeRun({ loadBackend, folder: run }, hooks, control),
    hooks: { onNotice: (message) => notices.push(message) },
    controller,
    hasGoneOn: given.hasGoneOn ?? false,
    onStarted: (run) => started.push(run),
    comeBackMs: given.comeBackMs ?? 0,
  });
  return { outcome, notices, controller, started };
}

function leftBy({ folder: run }: SessionOutcome): unknown {
  return { checkpoints: checkpointDigests(run), metrics: metricLines(run) };
}

const loss: Loss = { at: 'trainStep', call: 17, how: 'backend' };

describe('charloom train after the loss of a graphics card', () => {
  test('resumes automatically, and its files equal those of an undisturbed run', async () => {
    const whole = await train('whole', []).outcome;
    const { outcome, notices, started } = train('once', [loss]);
    expect(leftBy(await outcome)).toEqual(leftBy(whole));
    expect(notices).toEqual([`${lostSentence} Training continues from the last save.`]);
    expect(started).toHaveLength(2);
  });

  test('ends after a second loss, and says how to resume on the processor', async () => {
    const { outcome } = train('twice', [loss, loss]);
    await expect(outcome).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: `The graphics card (WebGPU) was lost a second time within ten minutes: ${lostSentence}`,
      fix: expect.stringContaining(
        `train --resume ${join(folder, 'twice', 'quick')} --backend wasm`,
      ) as string,
    });
  });

  test('a process that already resumed after a crash does not resume again', async () => {
    const { outcome, notices } = train('crashed', [loss], { hasGoneOn: true });
    await expect(outcome).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(notices).toEqual([]);
  });

  test('does not resume after a request to stop', async () => {
    const told = train('stopped', [loss], { comeBackMs: 600_000 });
    await expect.poll(() => told.notices.length).toBe(1);
    told.controller.stop();
    await expect(told.outcome).rejects.toMatchObject({ message: lostSentence });
  });

  test('a backend that never opened is no loss', async () => {
    const { outcome, notices } = train('absent', [{ at: 'open', call: 1, how: 'backend' }]);
    await expect(outcome).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(notices).toEqual([]);
  });
});
