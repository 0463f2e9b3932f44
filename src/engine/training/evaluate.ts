import type { Batch, TrainingNetwork } from '../backends/backend.ts';
import { chunksOf, createBatch, readChunk, type ChunkRange, type SplitName } from '../dataset/batches.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { WeightKind } from '../../shared/domain/training-choices.ts';
import type { SymbolArray } from '../dataset/corpus.ts';

export interface EvaluationJob {
  readonly network: TrainingNetwork;
  readonly symbols: SymbolArray;
  readonly plan: ChunkPlan;
  readonly split: SplitName | 'all';
  /** The network's parameters unless said otherwise. */
  readonly weights?: WeightKind;
}

/** Parts that an evaluation is told in: enough to tell its spread, few enough to be kept with every evaluation. */
const maxParts = 32;

export interface Evaluation {
  /** Mean over all chunks in nats per symbol; not a number when the split has none. */
  readonly loss: number;
  /** Means over consecutive parts of the split, as many chunks in each (give or take one), in order; at most 32, one a chunk when there are fewer. */
  readonly parts: readonly number[];
}

/**
 * Loss over the chunks of a split: from zero state, carried across chunks, dropout off. Training state is untouched.
 * @param yieldToEventLoop awaited between chunks: tells the share done, and may throw to cancel
 */
export async function evaluateSplit(
  job: EvaluationJob,
  yieldToEventLoop: (fraction: number) => Promise<void> | void = () => undefined,
): Promise<Evaluation> {
  const { network, symbols, plan } = job;
  const range: ChunkRange =
    job.split === 'all' ? { start: 0, end: plan.chunks.total } : chunksOf(plan, job.split);
  const batch: Batch = createBatch(plan);
  await network.resetEvaluation(job.weights ?? 'trained');
  const losses: number[] = [];
  for (let chunk = range.start; chunk < range.end; chunk++) {
    readChunk(symbols, plan, chunk, batch);
    losses.push(await network.evaluate(batch));
    await yieldToEventLoop((chunk - range.start + 1) / (range.end - range.start));
  }
  return { loss: meanOf(losses), parts: partsOf(losses) };
}

function meanOf(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function partsOf(losses: readonly number[]): readonly number[] {
  const count = Math.min(maxParts, losses.length);
  const edge = (part: number): number => Math.floor((part * losses.length) / count);
  return Array.from({ length: count }, (_, part) => meanOf(losses.slice(edge(part), edge(part + 1))));
}
