import type { Batch, TrainingNetwork } from '../backends/backend.ts';
import {
  chunksOf,
  createBatch,
  readChunk,
  type ChunkRange,
  type ReadSymbols,
  type SplitName,
} from '../dataset/batches.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import type { WeightKind } from '../../shared/domain/training-choices.ts';
import { mean } from '../../shared/statistics/averages.ts';

export interface EvaluationJob extends ReadSymbols {
  readonly network: TrainingNetwork;
  readonly plan: ChunkPlan;
  readonly split: SplitName | 'all';
  /** Default: the network's own parameters. */
  readonly weights?: WeightKind;
}

/** Number of parts of an evaluation: enough to show its spread, few enough to store with every evaluation. */
const maxParts = 32;

/** Number of chunks between two pauses if several are under way: the graphics card is idle during a pause. */
const chunksBetween = 16;

export interface Evaluation {
  /** Mean over all chunks in nats per symbol; NaN if the split has none. */
  readonly loss: number;
  /** Means over consecutive parts of the split with equally many chunks (give or take one), in order; at most 32, one per chunk if there are fewer. */
  readonly parts: readonly number[];
}

/**
 * Loss over the chunks of a split: from zero state, carried across chunks, dropout off. Training state is untouched. As many chunks are under way as
 * the network accepts.
 * @param yieldToEventLoop awaited between chunks (some of them, if several are under way), while none is under way: it receives the progress, may
 * request other work from the network, and may throw to cancel
 */
export async function evaluateSplit(
  job: EvaluationJob,
  yieldToEventLoop: (fraction: number) => Promise<void> | void = () => undefined,
): Promise<Evaluation> {
  const { network, plan } = job;
  const range: ChunkRange =
    job.split === 'all' ? { start: 0, end: plan.chunks.total } : chunksOf(plan, job.split);
  const batch: Batch = createBatch(plan, job.starts !== undefined);
  await network.resetEvaluation(job.weights ?? 'trained');
  const losses: number[] = [];
  const underWay: Promise<number>[] = [];
  const finish = async (left: number): Promise<void> => {
    while (underWay.length > left) losses.push((await underWay.shift()) ?? NaN);
  };
  const between = network.stepsInFlight === 1 ? 1 : chunksBetween;
  try {
    for (let chunk = range.start; chunk < range.end; chunk++) {
      await finish(network.stepsInFlight - 1);
      readChunk(job, plan, chunk, batch);
      underWay.push(begin(network, batch));
      const done = chunk - range.start + 1;
      if (done % between !== 0 && chunk + 1 < range.end) continue;
      await finish(0);
      await yieldToEventLoop(done / (range.end - range.start));
    }
  } finally {
    // After a cancellation the network receives another request, for which nothing may be under way.
    await Promise.allSettled(underWay);
  }
  return { loss: mean(losses), parts: partsOf(losses) };
}

/** Starts a chunk. Its result is awaited in turn; if an earlier one fails, it is ignored. */
function begin(network: TrainingNetwork, batch: Batch): Promise<number> {
  const loss = network.evaluate(batch);
  loss.catch(() => undefined);
  return loss;
}

function partsOf(losses: readonly number[]): readonly number[] {
  const count = Math.min(maxParts, losses.length);
  const edge = (part: number): number => Math.floor((part * losses.length) / count);
  return Array.from({ length: count }, (_, part) => mean(losses.slice(edge(part), edge(part + 1))));
}
