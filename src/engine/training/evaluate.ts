import type { Batch, Network } from '../backends/backend.ts';
import { chunksOf, createBatch, readChunk, type ChunkRange, type SplitName } from '../chunking/batches.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { SymbolArray } from '../dataset/corpus.ts';

export interface EvaluationJob {
  readonly network: Network;
  readonly symbols: SymbolArray;
  readonly plan: ChunkPlan;
  readonly split: SplitName | 'all';
}

/**
 * Mean loss over the chunks of a split in nats per symbol: from zero state, carried across chunks, dropout off. Training state is
 * untouched. Not a number when the split has no chunk.
 * @param breathe awaited between chunks: tells the share done, and may throw to cancel
 */
export async function evaluateSplit(
  job: EvaluationJob,
  breathe: (fraction: number) => Promise<void> | void = () => undefined,
): Promise<number> {
  const { network, symbols, plan } = job;
  const range: ChunkRange =
    job.split === 'all' ? { start: 0, end: plan.chunks.total } : chunksOf(plan, job.split);
  const batch: Batch = createBatch(plan);
  network.resetEvaluation();
  let sum = 0;
  for (let chunk = range.start; chunk < range.end; chunk++) {
    readChunk(symbols, plan, chunk, batch);
    sum += network.evaluate(batch);
    await breathe((chunk - range.start + 1) / (range.end - range.start));
  }
  return sum / (range.end - range.start);
}
