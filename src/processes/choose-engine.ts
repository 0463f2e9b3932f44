import { randomUUID } from 'node:crypto';
import type { InstalledEngine } from '../node/tensorflow/installation/engine-folder.ts';
import { enginesFolder, listEngines } from '../node/tensorflow/installation/engine-folder.ts';
import { tensorflowEnvironment } from '../node/tensorflow/diagnosis/environment.ts';
import { decide } from '../node/trial/decide.ts';
import { TrialCache, trialKey, type TrialResult } from '../node/trial/trial-cache.ts';
import type { Measurement } from '../shared/compute/messages.ts';
import { knownRunSettings, type RunSettings } from '../shared/domain/run-settings.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import type { BackendChoice } from '../shared/domain/run.ts';
import { modelSpecOf } from '../engine/training/network-options.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** What a model is to be trained on, and why. */
export interface ChosenEngine {
  /** Null: the embedded backend. */
  readonly engine: InstalledEngine | null;
  readonly reason: string;
}

export interface EngineRequest {
  readonly settings: RunSettings;
  readonly vocabularySize: number;
  readonly choice: BackendChoice;
  /** 0: the default. */
  readonly threads: number;
}

/** The environment that a process needs before it can load an engine. */
export function environmentFor(engine: InstalledEngine | null, threads: number): Record<string, string> {
  return engine === null
    ? {}
    : tensorflowEnvironment(engine, { threads: threads === 0 ? undefined : threads });
}

export interface ChoosingOptions {
  readonly fork: ForkProcess;
  readonly signal?: AbortSignal;
  /** Told before anything that takes seconds. */
  readonly onTrial?: () => void;
}

/**
 * The backend that was asked for, or for `auto` the faster one by a short trial on this model and machine, remembered. A trial that fails is
 * no error: the embedded backend is there, and the reason says what happened.
 * @throws CharloomError('backend-unavailable') when TensorFlow was asked for and is not there, ('cancelled') when the signal says so
 */
export async function chooseEngine(request: EngineRequest, options: ChoosingOptions): Promise<ChosenEngine> {
  if (request.choice === 'wasm') return { engine: null, reason: 'it was chosen' };
  const [engine] = await listEngines();
  if (request.choice === 'tensorflow') {
    if (engine !== undefined) return { engine, reason: 'it was chosen' };
    throw new CharloomError('backend-unavailable', 'The TensorFlow engine is not installed.', {
      fix: 'Install it under Settings, or use the embedded backend.',
    });
  }
  if (engine === undefined) return { engine: null, reason: 'no other engine is installed' };
  try {
    const { backend, reason } = decide(await timesOf(request, engine, options));
    return { engine: backend === 'tensorflow' ? engine : null, reason };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { engine: null, reason: `TensorFlow could not be tried: ${message.replace(/\.$/, '')}` };
  }
}

/** How long a step takes on each backend, one after the other in processes of their own; remembered beside the engines. */
async function timesOf(
  request: EngineRequest,
  engine: InstalledEngine,
  { fork, signal, onTrial }: ChoosingOptions,
): Promise<TrialResult> {
  const { settings, vocabularySize, threads } = request;
  const { batchSize, sequenceLength } = settings;
  const spec = modelSpecOf(settings, vocabularySize);
  const key = trialKey({ spec, batchSize, sequenceLength, ...(threads === 0 ? {} : { threads }) }, engine);
  const cache = new TrialCache(enginesFolder());
  const known = await cache.get(key);
  if (known !== undefined) return known;
  onTrial?.();
  const wasm = await measure(request, null, fork, signal);
  const tensorflow = await measure(request, engine, fork, signal);
  const result = { wasm: wasm.millisecondsPerStep, tensorflow: tensorflow.millisecondsPerStep };
  await cache.set(key, result);
  return result;
}

/** Times a model on one backend, in a process of its own. */
export async function measure(
  { settings, vocabularySize, threads }: EngineRequest,
  engine: InstalledEngine | null,
  fork: ForkProcess,
  signal?: AbortSignal,
): Promise<Measurement> {
  let measurement: Measurement | undefined;
  const task = new ComputeTask({
    fork,
    name: `charloom-trial-${randomUUID().slice(0, 8)}`,
    environment: environmentFor(engine, threads),
    job: {
      kind: 'measure',
      settings: knownRunSettings(settings),
      vocabularySize,
      threads,
      engine: engine?.folder ?? null,
    },
    onReport: (report) => {
      if (report.kind === 'measured') measurement = report.measurement;
    },
  });
  signal?.addEventListener('abort', () => task.kill(), { once: true });
  if (signal?.aborted) task.kill();
  const outcome = await task.ended;
  if (signal?.aborted) throw new CharloomError('cancelled', 'The trial was cancelled.');
  if (measurement !== undefined) return measurement;
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  throw new CharloomError(
    'backend-unavailable',
    outcome.kind === 'crashed' ? outcome.message : 'The trial gave no result.',
  );
}
