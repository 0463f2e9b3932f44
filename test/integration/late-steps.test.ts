import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunController } from '../../src/node/session/controller.ts';
import type { SessionHooks } from '../../src/node/session/session-types.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { killUntilDone } from '../support/kill-until-done.ts';
import { loadLateBackend, type LateBackend } from '../support/late-backend.ts';
import {
  checkpointDigests,
  cliffSettings,
  cliffText,
  metricLines,
  quickSettings,
  session,
  type Told,
} from '../support/sessions.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('late');
const words = writeText(folder, 'words.txt', wordyText(2000));
const cliff = writeText(folder, 'cliff.txt', cliffText);

interface Case {
  readonly title: string;
  readonly text: string;
  readonly settings: Partial<RunSettings>;
}
const cases: readonly Case[] = [
  { title: 'lstm', text: words, settings: quickSettings },
  { title: 'gru with Adam', text: words, settings: { ...quickSettings, model: 'gru', optimizer: 'adam' } },
  { title: 'lstm that explodes and recovers', text: cliff, settings: cliffSettings },
  {
    title: 'lstm that explodes and stops',
    text: cliff,
    settings: { ...cliffSettings, onExplosion: 'stop' },
  },
];

/** A session on a backend that answers late. */
async function late(
  stepsInFlight: number,
  request: Parameters<typeof session>[0],
): Promise<Told & { readonly backend: LateBackend }> {
  const backend = await loadLateBackend(stepsInFlight);
  const told = await session({ ...request, loadBackend: () => Promise.resolve(backend) });
  return { ...told, backend };
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** What a run leaves, besides the moments of the clock. */
function left(run: string): unknown {
  return { checkpoints: checkpointDigests(run), metrics: metricLines(run) };
}

describe.each(cases)(
  'on a backend that answers late and out of turn: $title',
  ({ title, text, settings }) => {
    const runs = join(folder, title);
    let plain: Told;
    beforeAll(async () => {
      plain = await session({ text, runs, settings });
    });

    test.each([1, 2, 3, 4])(
      'with %i steps under way every file equals that of the embedded backend, to the byte',
      async (most) => {
        const { outcome, steps, backend } = await late(most, { text, runs, settings });
        expect(steps).toEqual(plain.steps);
        expect(outcome).toMatchObject({ end: plain.outcome.end, iteration: plain.outcome.iteration });
        expect(left(outcome.folder)).toEqual(left(plain.outcome.folder));
        // It was as late as it is meant to be.
        expect(backend.work.maxUnderWay).toBe(most);
        expect(backend.work.overtaking > 0).toBe(most > 1);
        // The chunks of an evaluation overlap as steps do; the shortest pass has two.
        expect(backend.work.maxEvaluations).toBeGreaterThanOrEqual(Math.min(most, 2));
        expect(backend.work.maxEvaluations).toBeLessThanOrEqual(most);
      },
    );

    test('stopped anywhere and resumed, it ends with the same bytes', async () => {
      if (plain.outcome.end !== 'finished') return;
      for (const stopAfter of [1, 6, 7, 20, 31, 38]) {
        const stopped = await late(3, { text, runs, settings, stopAfter });
        expect(stopped.outcome.end).toBe('stopped');
        const resumed = await late(4, { resume: stopped.outcome.folder });
        expect([...stopped.steps, ...resumed.steps]).toEqual(plain.steps);
        expect(checkpointDigests(resumed.outcome.folder)).toMatchObject(
          checkpointDigests(plain.outcome.folder),
        );
      }
    });
  },
);

test('a step that explodes discards the steps that were under way behind it', async () => {
  const settings = { ...cliffSettings, onExplosion: 'stop' } as const;
  const runs = join(folder, 'behind');
  const { outcome, backend, steps } = await late(4, { text: cliff, runs, settings });
  expect(outcome).toMatchObject({ end: 'exploded', iteration: 31 });
  expect(steps.at(-1)?.[0]).toBe(31);
  expect(backend.work.steps).toBeGreaterThan(31);
});

/** Lets a run wait as a message does: between two turns of the event loop. Notes what the resume point holds while it waits. */
function pausing(
  at: number,
  digests: (readonly [number, string])[],
): (controller: RunController) => SessionHooks {
  return (controller) => {
    let run = '';
    let done = 0;
    return {
      onStart: (start) => (run = start.folder),
      onEvent: (event) => {
        if (event.kind === 'step') {
          done = event.iteration;
          if (done === at) setImmediate(() => controller.pause());
        }
        if (event.kind !== 'state' || event.state !== 'paused') return;
        digests.push([done, digestOf(join(run, 'resume.safetensors'))]);
        setImmediate(() => controller.continue());
      },
    };
  };
}

test.each([1, 3])(
  'a pause waits for all of %i steps, and everything learned is on disk by then',
  async (most) => {
    const runs = join(folder, `paused ${most}`);
    const request = { text: words, runs, settings: quickSettings };
    const whole = await session(request);
    for (const at of [1, 10, 17, 25]) {
      const digests: (readonly [number, string])[] = [];
      const { outcome } = await late(most, { ...request, hooks: pausing(at, digests) });
      expect(left(outcome.folder)).toEqual(left(whole.outcome.folder));
      const [[done, digest] = [0, '']] = digests;
      expect(done).toBeGreaterThanOrEqual(at);
      // The same point without delay: what is saved of it before the next step starts.
      const kept: string[] = [];
      await session({
        ...request,
        resumePointIntervalMs: 0,
        hooks: () => {
          let run = '';
          return {
            onStart: (start) => (run = start.folder),
            onEvent: (event) => {
              if (event.kind === 'step' && event.iteration === done + 1)
                kept.push(digestOf(join(run, 'resume.safetensors')));
            },
          };
        },
      });
      expect([digest]).toEqual(kept);
    }
  },
);

test('a checkpoint on request is kept between the same two steps on every backend', async () => {
  const runs = join(folder, 'request');
  const request = { text: words, runs, settings: { ...quickSettings, evaluateEvery: 1000 } };
  const hooks = (controller: RunController): SessionHooks => ({
    onEvent: (event) => {
      if (event.kind === 'step' && event.iteration % 11 === 0) setImmediate(() => controller.checkpoint());
    },
  });
  const far = await late(3, { ...request, hooks });
  // Every iteration kept, to hold those that were kept late against.
  const all = await session({
    ...request,
    hooks: (controller) => ({
      onEvent: (event) => {
        if (event.kind === 'step') controller.checkpoint();
      },
    }),
  });
  const kept = checkpointDigests(far.outcome.folder);
  expect(Object.keys(kept).length).toBeGreaterThan(3);
  expect(checkpointDigests(all.outcome.folder)).toMatchObject(kept);
});

test('samples are written by the embedded backend, and are the same', async () => {
  const runs = join(folder, 'samples');
  const samples = { ...defaultSampleSettings, primeText: 'the ', length: 60 };
  const request = { text: words, runs, settings: quickSettings, samples };
  const [near, far] = [await session(request), await late(3, request)];
  const written = (run: string): string => readFileSync(join(run, 'samples.jsonl'), 'utf8');
  expect(written(near.outcome.folder).split('\n').length).toBeGreaterThan(5);
  expect(written(far.outcome.folder)).toBe(written(near.outcome.folder));
  expect(left(far.outcome.folder)).toEqual(left(near.outcome.folder));
});

describe.skipIf(process.platform === 'win32')(
  'killed outright with steps under way, again and again',
  { timeout: 180_000 },
  () => {
    test.each([
      { title: 'lstm', text: words, settings: { ...quickSettings, maxIterations: 120 } },
      { title: 'lstm that recovers', text: cliff, settings: cliffSettings },
    ])('$title: the run ends in the bytes of one that was not', async ({ title, text, settings }) => {
      const runs = join(folder, `killed ${title}`);
      const whole = await session({ text, runs, settings });
      for (let kills = 0; kills < 3;) {
        const killed = await killUntilDone({ text, runs, settings, stepsInFlight: 3 }, kills);
        kills += killed.kills;
        expect(left(killed.run)).toEqual(left(whole.outcome.folder));
      }
    });
  },
);
