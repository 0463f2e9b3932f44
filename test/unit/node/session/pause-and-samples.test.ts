import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import { readCheckpointHeader } from '../../../../src/node/files/checkpoint-files.ts';
import type { SessionHooks } from '../../../../src/node/session/session-types.ts';
import { RunController } from '../../../../src/node/session/controller.ts';
import { startRun } from '../../../../src/node/session/start.ts';
import { defaultRunSettings } from '../../../../src/shared/domain/run-settings.ts';
import { defaultSampleSettings, type SampleSettings } from '../../../../src/shared/domain/sample-settings.ts';
import {
  checkpointDigests,
  metricLines,
  quickSettings,
  session,
  type Told,
} from '../../../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../../../support/texts.ts';

const folder = temporaryFolder('undisturbed');
const text = writeText(folder, 'words.txt', wordyText(2000));

/** Nothing but training: what every other run must equal. */
let plain: Told;
beforeAll(async () => {
  plain = await session({ text, runs: join(folder, 'plain'), settings: quickSettings });
});

async function run(
  name: string,
  hooks: (controller: RunController) => SessionHooks,
  samples?: SampleSettings,
): Promise<string> {
  const controller = new RunController();
  const { folder: path } = await startRun(
    {
      loadBackend: () => loadWasmBackend({ threads: 1 }),
      textPath: text,
      settings: { ...defaultRunSettings, ...quickSettings },
      runsFolder: join(folder, name),
      samples,
    },
    hooks(controller),
    controller,
  );
  return path;
}

function expectSameNumbers(path: string): void {
  expect(metricLines(path)).toEqual(metricLines(plain.outcome.folder));
  expect(checkpointDigests(path)).toEqual(checkpointDigests(plain.outcome.folder));
}

describe('samples at every checkpoint', () => {
  test('do not change what the run computes, and are kept with their iteration', async () => {
    const heard: number[] = [];
    const samples = { ...defaultSampleSettings, primeText: 'the ', length: 40, temperature: 0.7 };
    const path = await run(
      'samples',
      () => ({ onSample: ({ iteration }) => heard.push(iteration) }),
      samples,
    );
    expectSameNumbers(path);
    const lines = readFileSync(join(path, 'samples.jsonl'), 'utf8').trimEnd().split('\n');
    const kept = lines.map((line) => JSON.parse(line) as { i: number; text: string; prime_text: string });
    expect(kept.map(({ i }) => i)).toEqual([7, 14, 21, 28, 35, 42, 45]);
    expect(heard).toEqual(kept.map(({ i }) => i));
    for (const sample of kept) expect([sample.text.length, sample.prime_text]).toEqual([40, 'the ']);
  });
});

describe('a pause', () => {
  test('does not change what the run computes, and everything learned is saved while it lasts', async () => {
    let started = '';
    const safe: (number | undefined)[] = [];
    const path = await run('paused', (controller) => ({
      onStart: (start) => (started = start.folder),
      onEvent: (event) => {
        if (event.kind === 'step' && [10, 25].includes(event.iteration)) controller.pause();
        if (event.kind !== 'state' || event.state !== 'paused') return;
        void readCheckpointHeader(join(started, 'resume.safetensors')).then(({ metadata }) => {
          safe.push(metadata.iteration);
          controller.continue();
        });
      },
    }));
    expect(safe).toEqual([10, 25]);
    expectSameNumbers(path);
  });

  test('allows a checkpoint without a further step', async () => {
    const steps: number[] = [];
    const kept: number[] = [];
    const states: string[] = [];
    await run('kept', (controller) => ({
      onEvent: (event) => {
        if (event.kind === 'step') {
          steps.push(event.iteration);
          if (event.iteration === 10) controller.pause();
        } else if (event.kind === 'state') {
          states.push(event.state);
          if (event.state === 'paused') setTimeout(() => controller.checkpoint());
        } else if (event.kind === 'checkpoint' && event.reason === 'request') {
          kept.push(event.iteration);
          expect(steps.at(-1)).toBe(10);
          setTimeout(() => controller.continue());
        }
      },
    }));
    expect([kept, states]).toEqual([[10], ['running', 'paused', 'running', 'finished']]);
  });

  test('ends when the run is to stop', async () => {
    const path = await run('stopped', (controller) => ({
      onEvent: (event) => {
        if (event.kind === 'step' && event.iteration === 10) controller.pause();
        if (event.kind === 'state' && event.state === 'paused') setTimeout(() => controller.stop());
      },
    }));
    const record = JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect([record['state'], record['iteration']]).toEqual(['stopped', 10]);
  });
});
