import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { Batch } from '../backends/backend.ts';
import { readChunk, readShiftedChunk, type ReadSymbols } from '../dataset/batches.ts';
import { mix32 } from '../random/hash.ts';
import { seedFor } from '../random/random-generator.ts';

/**
 * Number of columns by which an epoch (from 0) of a run with shifted epochs starts later: 0 in the first, drawn from the run's seed in the others.
 */
function epochShift(epoch: number, seed: number, plan: ChunkPlan): number {
  const columns = plan.chunks.train * plan.input.sequenceLength;
  return epoch === 0 ? 0 : mix32(seedFor('shift', seed) + Math.imul(epoch, 0x9e3779b9)) % columns;
}

/** Fills a batch with what iteration `iteration` (from 1) of a run reads. */
export function readTrainingChunk(
  text: ReadSymbols,
  plan: ChunkPlan,
  settings: Pick<RunSettings, 'shiftedEpochs' | 'seed'>,
  iteration: number,
  into: Batch,
): void {
  const chunk = (iteration - 1) % plan.iterationsPerEpoch;
  if (!settings.shiftedEpochs) return readChunk(text, plan, chunk, into);
  const epoch = Math.floor((iteration - 1) / plan.iterationsPerEpoch);
  readShiftedChunk(text, plan, chunk, epochShift(epoch, settings.seed, plan), into);
}
