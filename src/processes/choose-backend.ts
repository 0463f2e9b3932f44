import { randomUUID } from 'node:crypto';
import type { GraphicsSource } from '../node/backend/graphics-source.ts';
import { environmentFor, findBackends, requireBackend } from '../node/backend/providers.ts';
import { enginesFolder } from '../node/tensorflow/installation/engine-folder.ts';
import { decide } from '../node/trial/decide.ts';
import { trialShapeOf } from '../node/trial/trial.ts';
import { TrialCache, trialKey, type TrialResult } from '../node/trial/trial-cache.ts';
import type { Measurement } from '../shared/compute/messages.ts';
import {
  backendKinds,
  backendWords,
  embeddedBackend,
  type BackendChoice,
  type BackendKind,
  type BackendReference,
} from '../shared/domain/backends.ts';
import { knownRunSettings, type RunSettings } from '../shared/domain/run-settings.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** What a model is to be trained on, and why. */
export interface ChosenBackend {
  readonly backend: BackendReference;
  readonly reason: string;
}

export interface BackendRequest {
  readonly settings: RunSettings;
  readonly vocabularySize: number;
  readonly choice: BackendChoice;
  /** 0: the default. */
  readonly threads: number;
}

export interface ChoosingOptions {
  readonly fork: ForkProcess;
  readonly graphics: GraphicsSource;
  readonly signal?: AbortSignal;
  /** Told before anything that takes seconds. */
  readonly onTrial?: () => void;
}

/**
 * The backend that was asked for, or for `auto` the fastest by a short trial on this model and machine, remembered. A trial that fails is
 * no error: the embedded backend is there, and the reason says what happened.
 * @throws CharloomError('backend-unavailable') when one was asked for that is not there, ('cancelled') when the signal says so
 */
export async function chooseBackend(
  request: BackendRequest,
  options: ChoosingOptions,
): Promise<ChosenBackend> {
  const { choice } = request;
  if (choice !== 'auto') {
    const fix = 'Install it under Settings, or use the embedded backend.';
    return { backend: await requireBackend(choice, options.graphics, fix), reason: 'it was chosen' };
  }
  const candidates = await findCandidates(options.graphics);
  if (candidates.length === 1) return { backend: embeddedBackend, reason: 'no other engine is installed' };
  const times = await timesOf(request, candidates, options);
  if (typeof times === 'string') return { backend: embeddedBackend, reason: times };
  const { backend: kind, reason } = decide(times);
  return { backend: candidates.find((each) => each.kind === kind) ?? embeddedBackend, reason };
}

/** The best backend of every kind that is here, the embedded one first. */
export async function findCandidates(graphics: GraphicsSource): Promise<readonly BackendReference[]> {
  const found = await Promise.all(backendKinds.map((kind) => findBackends(kind, graphics)));
  return found.flatMap((backends) => backends.slice(0, 1));
}

/**
 * How long a step takes on each backend, one after the other in processes of their own; remembered beside the engines. Where one could not be
 * tried, a sentence that says so, which is not remembered: it may be mended.
 */
async function timesOf(
  request: BackendRequest,
  candidates: readonly BackendReference[],
  { fork, signal, onTrial }: ChoosingOptions,
): Promise<TrialResult | string> {
  const { settings, vocabularySize, threads } = request;
  const shape = trialShapeOf(settings, vocabularySize);
  const key = trialKey({ ...shape, ...(threads === 0 ? {} : { threads }) }, candidates);
  const cache = new TrialCache(enginesFolder());
  const known = await cache.get(key);
  if (known !== undefined) return known;
  onTrial?.();
  const times: Partial<Record<BackendKind, number>> = {};
  for (const backend of candidates) {
    try {
      times[backend.kind] = (await measure(request, backend, fork, signal)).millisecondsPerStep;
    } catch (error) {
      if (signal?.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return `${backendWords[backend.kind].name} could not be tried: ${message.replace(/\.$/, '')}`;
    }
  }
  await cache.set(key, times);
  return times;
}

/** Times a model on one backend, in a process of its own. */
export async function measure(
  { settings, vocabularySize, threads }: BackendRequest,
  backend: BackendReference,
  fork: ForkProcess,
  signal?: AbortSignal,
): Promise<Measurement> {
  let measurement: Measurement | undefined;
  const task = new ComputeTask({
    fork,
    name: `charloom-trial-${randomUUID().slice(0, 8)}`,
    environment: environmentFor(backend, threads),
    job: { kind: 'measure', settings: knownRunSettings(settings), vocabularySize, threads, backend },
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
