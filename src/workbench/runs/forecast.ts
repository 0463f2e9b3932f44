import { statfs } from 'node:fs/promises';
import { modelSpecOf } from '../../engine/training/network-options.ts';
import { chooseBackend, measure, type ChosenBackend } from '../../processes/choose-backend.ts';
import type { Measurement } from '../../shared/compute/messages.ts';
import { parameterCount } from '../../shared/domain/model-tensors.ts';
import { optimizers } from '../../shared/domain/optimizers.ts';
import type { StreamHandlers, StreamParams } from '../../shared/ipc/contract.ts';
import type { Forecast } from '../../shared/domain/run.ts';
import { evaluationPasses, evaluationsLeft } from '../../shared/planning/evaluations.ts';
import { planChunks, requireStartable } from '../../shared/planning/plan.ts';
import type { WorkbenchContext } from '../context.ts';

/** Besides the network itself: Node, the program, a page of the text. */
const processBytes = 90e6;

/** Trains a few steps and reckons what the whole run would take. */
export function forecastStreams({ options }: WorkbenchContext): Pick<StreamHandlers, 'runs.forecast'> {
  return {
    'runs.forecast': async (params, side) => {
      const { settings, characters, vocabularySize, backend, threads } = params;
      requireStartable(planChunks({ ...settings, characters }));
      side.push({ kind: 'progress', fraction: 0, doing: 'choosing the backend' });
      const request = { settings, vocabularySize, choice: backend, threads };
      const chosen = await chooseBackend(request, { ...options, signal: side.signal });
      side.push({ kind: 'progress', fraction: 0.4, doing: 'training a few steps' });
      const measured = await measure(request, chosen.backend, options.fork, side.signal);
      const free = (await freeBytes(options.runsFolder)) ?? (await freeBytes(options.homeFolder));
      side.push({ kind: 'forecast', forecast: reckon(params, measured, chosen, free) });
    },
  };
}

function reckon(
  { settings, characters, vocabularySize }: StreamParams<'runs.forecast'>,
  measured: Measurement,
  { backend, reason }: ChosenBackend,
  freeDiskBytes: number | null,
): Forecast {
  const plan = planChunks({ ...settings, characters });
  const { iterations, chunks } = plan;
  const checkpoints = Math.max(
    1,
    evaluationsLeft({ iteration: 0, iterations, evaluateEvery: settings.evaluateEvery }),
  );
  const evaluation = evaluationPasses(settings) * chunks.validation * measured.millisecondsPerEvaluation;
  // Parameters, their average and what the optimiser keeps of each, four bytes a number; the carried state is small beside them.
  const copies = 1 + (settings.averageDecay > 0 ? 1 : 0) + optimizers[settings.optimizer].slots.length;
  const parameters = parameterCount(modelSpecOf(settings, vocabularySize));
  const checkpointBytes = Math.round(4 * copies * parameters + 30_000);
  const symbolBytes = vocabularySize <= 256 ? 1 : vocabularySize <= 65_536 ? 2 : 4;
  return {
    backend: backend.kind,
    reason,
    device: measured.device,
    millisecondsPerStep: measured.millisecondsPerStep,
    charactersPerSecond: (settings.batchSize * settings.sequenceLength * 1000) / measured.millisecondsPerStep,
    duration: iterations * measured.millisecondsPerStep + checkpoints * evaluation,
    memoryBytes: Math.round(measured.memoryBytes + characters * symbolBytes + processBytes),
    checkpoints,
    checkpointBytes,
    diskBytes: checkpoints * checkpointBytes,
    freeDiskBytes,
  };
}

/** Null where the system does not tell. */
async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Math.round(bavail * bsize);
  } catch {
    return null;
  }
}
