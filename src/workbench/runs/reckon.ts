import { statfs } from 'node:fs/promises';
import { modelSpecOf } from '../../engine/training/network-options.ts';
import type { MeasuredBackend } from '../../node/trial/decide.ts';
import type { Measurement } from '../../shared/compute/messages.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import { optimizers } from '../../shared/domain/optimizers.ts';
import type { Forecast } from '../../shared/domain/run.ts';
import type { StreamParams } from '../../shared/ipc/contract.ts';
import { evaluationPasses, evaluationsLeft } from '../../shared/planning/evaluations.ts';
import { planChunks } from '../../shared/planning/plan.ts';

type Params = StreamParams<'runs.forecast'>;

/** Memory besides the network itself: Node, the program, a page of the text. */
const processBytes = 90e6;

/** Estimates what a run needs from what a few steps needed. */
export function reckon(
  params: Params,
  { backend, measurement }: MeasuredBackend,
  reason: string,
  freeDiskBytes: number | null,
): Forecast {
  const { settings, characters, vocabularySize } = params;
  const checkpoints = checkpointsOf(params);
  // Weights, their average and the optimiser's values for each, four bytes per number; the carried state is small in comparison.
  const copies = 1 + (settings.averageDecay > 0 ? 1 : 0) + optimizers[settings.optimizer].slots.length;
  const parameters = parameterCount(modelSpecOf(settings, vocabularySize));
  const checkpointBytes = Math.round(4 * copies * parameters + 30_000);
  const symbolBytes = vocabularySize <= 256 ? 1 : vocabularySize <= 65_536 ? 2 : 4;
  const { millisecondsPerStep } = measurement;
  return {
    backend: backend.kind,
    reason,
    device: measurement.device,
    millisecondsPerStep,
    charactersPerSecond: (settings.batchSize * settings.sequenceLength * 1000) / millisecondsPerStep,
    duration: durationOf(params, measurement),
    memoryBytes: Math.round(measurement.memoryBytes + characters * symbolBytes + processBytes),
    checkpoints,
    checkpointBytes,
    diskBytes: checkpoints * checkpointBytes,
    freeDiskBytes,
  };
}

/** Milliseconds that a run takes, training and evaluating. */
export function durationOf(params: Params, measured: Measurement): number {
  const { settings, characters } = params;
  const { iterations, chunks } = planChunks({ ...settings, characters });
  const evaluation = evaluationPasses(settings) * chunks.validation * measured.millisecondsPerEvaluation;
  return iterations * measured.millisecondsPerStep + checkpointsOf(params) * evaluation;
}

function checkpointsOf({ settings, characters }: Params): number {
  const { iterations } = planChunks({ ...settings, characters });
  return Math.max(1, evaluationsLeft({ iteration: 0, iterations, evaluateEvery: settings.evaluateEvery }));
}

/** Null where the system does not provide it. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Math.round(bavail * bsize);
  } catch {
    return null;
  }
}
