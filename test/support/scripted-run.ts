import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend, TrainingNetwork } from '../../src/engine/backends/backend.ts';
import { mix32 } from '../../src/engine/random/hash.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { SessionHooks, SessionOutcome } from '../../src/node/session/session-types.ts';
import { RunController } from '../../src/node/session/controller.ts';
import { resumeRun } from '../../src/node/session/resume.ts';
import { startRun } from '../../src/node/session/start.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { quickSettings } from './sessions.ts';

/** The events of a run with predefined numbers, so that reports are the same on every machine. */
export interface Script {
  readonly settings: Partial<RunSettings>;
  /** Losses of steps, counted from 1 over all recoveries, that are not the usual ones. */
  readonly losses: Readonly<Record<number, number>>;
  /** Validation chunks, counted from 1, whose loss is not a number. */
  readonly brokenChunks: readonly number[];
  /** Done after a step, counted in the same way. */
  readonly after: Readonly<Record<number, 'checkpoint' | 'pause' | 'stop' | 'suspend'>>;
  /** Whether it is resumed after its end. */
  readonly isResumed: boolean;
}

const usual: Script = { settings: {}, losses: {}, brokenChunks: [], after: {}, isResumed: false };

export const scripts = {
  /** Explodes twice and recovers; a checkpoint is asked for, and a pause; one measurement holds no number. */
  recovers: {
    ...usual,
    settings: { onExplosion: 'recover' },
    losses: { 17: 1000.5, 40: Number.NaN },
    brokenChunks: [5],
    after: { 10: 'checkpoint', 22: 'pause' },
  },
  explodes: { ...usual, losses: { 10: 99.25 } },
  'is resumed': { ...usual, after: { 12: 'stop' }, isResumed: true },
  'is suspended and resumed': { ...usual, after: { 12: 'suspend' }, isResumed: true },
} as const satisfies Record<string, Script>;

/** In [0, 1). */
const drawn = (counter: number): number => mix32(counter) / 2 ** 32;

/** A network that only counts: its results are in the script. */
async function scriptedBackend({ losses, brokenChunks }: Script): Promise<Backend> {
  const backend = await loadWasmBackend({ threads: 1 });
  let steps = 0;
  let chunks = 0;
  const info = { name: 'wasm', device: 'a script', threads: 1, variant: 'script' } as const;
  const scripted = (network: TrainingNetwork): TrainingNetwork => ({
    spec: network.spec,
    options: network.options,
    memoryBytes: 1_000_000,
    stepsInFlight: 1,
    trainStep: () => {
      steps += 1;
      const loss = losses[steps] ?? 4 / (1 + steps / 30) + drawn(steps) / 10;
      const gradientNorm = losses[steps] ?? drawn(steps + 1000);
      return Promise.resolve({ loss, gradientNorm, parameterNorm: 20 + steps / 7 });
    },
    evaluate: () => {
      chunks += 1;
      const loss = 4 / (1 + chunks / 15) + drawn(chunks + 5000) / 10;
      return Promise.resolve(brokenChunks.includes(chunks) ? Number.NaN : loss);
    },
    resetEvaluation: () => network.resetEvaluation(),
    exportTensors: () => network.exportTensors(),
    importTensors: (tensors) => network.importTensors(tensors),
    exportGradients: () => network.exportGradients(),
    dispose: () => network.dispose(),
  });
  return {
    info,
    infoFor: () => Promise.resolve(info),
    createNetwork: async (spec, options) => scripted(await backend.createNetwork(spec, options)),
    dispose: () => backend.dispose(),
  };
}

/** Plays a script as a run in `folder`; returns how its last session ended. */
export async function play(
  script: Script,
  textPath: string,
  folder: string,
  hooks: SessionHooks,
): Promise<SessionOutcome> {
  const controller = new RunController();
  let steps = 0;
  const acting: SessionHooks = {
    onReading: (fraction) => hooks.onReading?.(fraction),
    onStart: (start) => hooks.onStart?.(start),
    onEvent: (event) => {
      hooks.onEvent?.(event);
      if (event.kind === 'state' && event.state === 'paused') setTimeout(() => controller.continue());
      if (event.kind !== 'step') return;
      steps += 1;
      const act = script.after[steps];
      if (act !== undefined) controller[act]();
    },
    onNotice: (message) => hooks.onNotice?.(message),
    onEvaluationProgress: (fraction) => hooks.onEvaluationProgress?.(fraction),
  };
  const settings: RunSettings = {
    ...defaultRunSettings,
    ...quickSettings,
    trainFraction: 0.8,
    validationFraction: 0.2,
    ...script.settings,
  };
  const loadBackend = (): Promise<Backend> => scriptedBackend(script);
  const outcome = await startRun({ loadBackend, textPath, settings, runsFolder: folder }, acting, controller);
  if (!script.isResumed) return outcome;
  return resumeRun({ loadBackend, folder: outcome.folder }, hooks, new RunController());
}

/** The lines of a run's file or of a program's output, without moments, durations and places. */
export function comparable(text: string, folder: string, textPath: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.includes('characters/s') && !line.startsWith('Finished in'))
    .map((line) =>
      line
        .replaceAll(inJson(folder), 'RUN')
        .replaceAll(folder, 'RUN')
        .replaceAll(inJson(textPath), 'TEXT')
        .replaceAll(textPath, 'TEXT')
        // As on Windows.
        .replaceAll(/RUN\\+checkpoints\\+/g, 'RUN/checkpoints/')
        .replace(/"ms":[\d.e-]+/, '"ms":0')
        .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/, ''),
    );
}

/** A path as it is inside a string of JSON: Windows has backslashes. */
function inJson(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}

export function readComparable(file: string, folder: string, textPath: string): readonly string[] {
  return comparable(readFileSync(join(folder, file), 'utf8'), folder, textPath);
}
