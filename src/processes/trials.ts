import { randomUUID } from 'node:crypto';
import { environmentFor } from '../node/backend/providers.ts';
import { enginesFolder } from '../node/engines/engines-folder.ts';
import { askDriver } from '../node/tensorflow/diagnosis/graphics.ts';
import type { TriedBackend } from '../node/trial/decide.ts';
import { othersShare, processorTimes, wasCalm } from '../node/trial/load.ts';
import { trialShapeOf } from '../node/trial/trial.ts';
import { TrialCache, trialKey, type RememberedTrial } from '../node/trial/trial-cache.ts';
import type { Measurement } from '../shared/compute/messages.ts';
import type { BackendReference } from '../shared/domain/backends.ts';
import { knownRunSettings, type RunSettings } from '../shared/domain/run-settings.ts';
import { CharloomError } from '../shared/errors.ts';
import { errorOf } from '../shared/ipc/failures.ts';
import { ComputeTask } from './compute-task.ts';
import type { ForkProcess } from './process.ts';

/** A model to be timed. */
export interface TrialRequest {
  readonly settings: RunSettings;
  readonly vocabularySize: number;
  /** 0: the default. */
  readonly threads: number;
}

export interface TrialOptions {
  readonly fork: ForkProcess;
  readonly signal?: AbortSignal | undefined;
  /** Called before anything that takes seconds. */
  readonly onTrial?: ((backend: BackendReference) => void) | undefined;
}

/**
 * How long a model takes on a backend, measured in a separate process and remembered beside the engines. Failures are not remembered, because they
 * may be fixed. Rejects with CharloomError('cancelled') only.
 */
export async function timeBackend(
  request: TrialRequest,
  backend: BackendReference,
  { fork, signal, onTrial }: TrialOptions,
): Promise<TriedBackend> {
  const cache = new TrialCache(enginesFolder());
  const key = await keyOf(request, backend);
  const known = await cache.get(key);
  if (known !== undefined) return asTried(backend, known);
  onTrial?.(backend);
  try {
    const before = processorTimes();
    const measurement = await measure(request, backend, fork, signal);
    const share = othersShare(before, processorTimes(), measurement.processorMilliseconds);
    const trial = { measurement, othersShare: share, at: Date.now() };
    await cache.set(key, trial);
    return asTried(backend, trial);
  } catch (error) {
    if (signal?.aborted) throw error;
    return { kind: 'failed', backend, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function asTried(
  backend: BackendReference,
  { measurement, othersShare: share }: RememberedTrial,
): TriedBackend {
  return { kind: 'measured', backend, measurement, isCalm: wasCalm(share) };
}

async function keyOf(
  { settings, vocabularySize, threads }: TrialRequest,
  backend: BackendReference,
): Promise<string> {
  const shape = trialShapeOf(settings, vocabularySize);
  return trialKey({ ...shape, ...(threads === 0 ? {} : { threads }) }, backend, await driverOf(backend));
}

/** TensorFlow's card and driver; WebGPU's are part of its reference. */
async function driverOf(backend: BackendReference): Promise<string | null> {
  if (backend.kind !== 'tensorflow' || backend.device !== 'gpu') return null;
  const report = await askDriver(new AbortController().signal);
  return report === undefined ? null : JSON.stringify(report);
}

/** Times a model on one backend, in a separate process. */
async function measure(
  { settings, vocabularySize, threads }: TrialRequest,
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
  const outcome = await task.endedUnless(
    signal,
    () => new CharloomError('cancelled', 'The trial was cancelled.'),
  );
  if (measurement !== undefined) return measurement;
  if (outcome.kind === 'failed') throw errorOf(outcome.failure);
  throw new CharloomError(
    'backend-unavailable',
    outcome.kind === 'crashed' ? outcome.message : 'The trial gave no result.',
  );
}
