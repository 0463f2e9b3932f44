import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { serveFromThread, type ServedBackend } from '../support/served-backend.ts';
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

const folder = temporaryFolder('remote');
const words = writeText(folder, 'words.txt', wordyText(2000));
const cliff = writeText(folder, 'cliff.txt', cliffText);

const served: ServedBackend[] = [];
afterEach(async () => {
  for (const { worker } of served.splice(0)) await worker.terminate();
});

/** A session on a backend in another thread, which answers late and insists on the contract. */
async function remote(
  stepsInFlight: number,
  request: Parameters<typeof session>[0],
  onServed: (backend: ServedBackend) => void = () => undefined,
): Promise<Told> {
  const far = await serveFromThread(stepsInFlight);
  served.push(far);
  onServed(far);
  return session({ ...request, loadBackend: () => Promise.resolve(far.backend) });
}

/** What a run leaves, besides the moments of the clock. */
function left(run: string): unknown {
  return { checkpoints: checkpointDigests(run), metrics: metricLines(run) };
}

const cases: readonly (readonly [string, string, Partial<RunSettings>])[] = [
  ['lstm', words, quickSettings],
  ['gru that averages', words, { ...quickSettings, model: 'gru', averageDecay: 0.9 }],
  ['lstm that explodes and recovers', cliff, cliffSettings],
];

test.each(cases)(
  '%s: a run over a channel writes the bytes of a local one',
  async (title, text, settings) => {
    const runs = join(folder, title);
    const plain = await session({ text, runs, settings });
    for (const most of [1, 4]) {
      const { outcome, steps } = await remote(most, { text, runs, settings });
      expect(steps).toEqual(plain.steps);
      expect(left(outcome.folder)).toEqual(left(plain.outcome.folder));
    }
  },
);

describe('a backend that is lost with steps under way', () => {
  test.each([1, 6, 7, 8, 20, 41])(
    'after step %i: the run resumes from its last save to the same bytes',
    async (lostAfter) => {
      const runs = join(folder, `lost ${lostAfter}`);
      const request = { text: words, runs, settings: quickSettings, resumePointIntervalMs: 0 };
      const whole = await session(request);
      let backend: ServedBackend | undefined;
      let run = '';
      const failed = remote(
        4,
        {
          ...request,
          hooks: () => ({
            onStart: (start) => (run = start.folder),
            onEvent: (event) => {
              if (event.kind === 'step' && event.iteration === lostAfter) void backend?.worker.terminate();
            },
          }),
        },
        (far) => (backend = far),
      );
      await expect(failed).rejects.toMatchObject({ code: 'backend-unavailable' });
      await remote(4, { resume: run });
      expect(left(run)).toEqual(left(whole.outcome.folder));
    },
  );
});
