import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { SessionHooks, SessionOutcome } from '../../src/node/session/session-types.ts';
import { RunController } from '../../src/node/session/controller.ts';
import { resumeRun } from '../../src/node/session/resume.ts';
import { startRun } from '../../src/node/session/start.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { SampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { root, startNode, type Running, type StartOptions } from './processes.ts';
import type { SessionRequest } from './session-process.ts';

/** A run of a fraction of a second: 38 training chunks and 2 for validation of a text of 2,000 characters. */
export const quickSettings: Partial<RunSettings> = {
  name: 'quick',
  batchSize: 5,
  sequenceLength: 10,
  rnnSize: 12,
  numLayers: 2,
  dropout: 0.2,
  learningRate: 0.01,
  evaluateEvery: 7,
  maxIterations: 45,
  // So that the decay of the learning rate is part of the resumed state.
  learningRateDecayAfter: 0,
};

/**
 * Letters that change permanently after 300: learning the first too eagerly makes the second impossible. With this text a run explodes at iteration
 * 31, returns to its checkpoint of iteration 28, explodes again, and only then starts over at a learning rate that works.
 */
export const cliffText = `${'a'.repeat(300)}${'b'.repeat(100)}${'ab'.repeat(50)}${'a'.repeat(100)}`;
export const cliffSettings: Partial<RunSettings> = {
  ...quickSettings,
  batchSize: 1,
  trainFraction: 0.85,
  validationFraction: 0.15,
  evaluateEvery: 28,
  maxIterations: 60,
  learningRate: 0.05,
  onExplosion: 'recover',
};

/** The events of a session. */
export interface Told {
  readonly outcome: SessionOutcome;
  /** Every step in the order it was taken: after a rollback an iteration comes again. */
  readonly steps: readonly (readonly [iteration: number, loss: number | null])[];
  readonly notices: readonly string[];
}

/** Runs a session in this process; `stopAfter` counts its steps. */
export async function session(
  request: Omit<SessionRequest, 'stopAt' | 'checkpointAt' | 'stepsInFlight'> & {
    readonly stopAfter?: number;
    /** The embedded backend with one thread by default. */
    readonly loadBackend?: () => Promise<Backend>;
    readonly samples?: SampleSettings;
    /** Called with the session before it starts, to interfere. */
    readonly hooks?: (controller: RunController) => SessionHooks;
  },
): Promise<Told> {
  const controller = new RunController();
  const steps: (readonly [number, number | null])[] = [];
  const notices: string[] = [];
  const more = request.hooks?.(controller);
  const hooks: SessionHooks = {
    ...more,
    onEvent: (event) => {
      more?.onEvent?.(event);
      if (event.kind !== 'step') return;
      steps.push([event.iteration, event.loss]);
      if (steps.length === request.stopAfter) controller.stop();
    },
    onNotice: (message) => notices.push(message),
  };
  const { text, settings = {}, resume, runs, initFrom, vocabulary, resumePointIntervalMs = 60_000 } = request;
  const { samples, loadBackend = () => loadWasmBackend({ threads: 1 }) } = request;
  const common = { loadBackend, resumePointIntervalMs, samples };
  const outcome =
    resume === undefined
      ? await startRun(
          {
            ...common,
            textPath: text ?? '',
            settings: { ...defaultRunSettings, ...settings },
            runsFolder: runs,
            initFrom,
            vocabulary,
          },
          hooks,
          controller,
        )
      : await resumeRun({ ...common, folder: resume, textPath: text, changes: settings }, hooks, controller);
  return { outcome, steps, notices };
}

/** The script that runs a session as a separate process. */
export const sessionProcess = join(root, 'test/support/session-process.ts');

/** Runs a session as a separate process. */
export function startSession(request: SessionRequest, options: StartOptions = {}): Running {
  return startNode([sessionProcess, JSON.stringify(request)], options);
}

/** A run's checkpoints by name, each as the digest of its bytes. */
export function checkpointDigests(folder: string): Readonly<Record<string, string>> {
  const checkpoints = join(folder, 'checkpoints');
  return Object.fromEntries(
    readdirSync(checkpoints)
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(checkpoints, name)))
          .digest('hex'),
      ]),
  );
}

/** A run's metrics line by line, without the durations: those are the only thing that may differ between two equal runs. */
export function metricLines(folder: string): readonly unknown[] {
  const path = join(folder, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields = Object.entries(Object(JSON.parse(line)));
      return Object.fromEntries(fields.filter(([name]) => name !== 'ms'));
    });
}
