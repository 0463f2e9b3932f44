import { dirname } from 'node:path';
import type { CheckpointMetadata } from '../engine/checkpoints/content.ts';
import { isWithinChance, margin } from './chance.ts';
import type { EvaluationEvent } from '../shared/domain/run-event.ts';
import { evaluationOf, readMetricsOrProblem, type RunHistory } from './history.ts';
import { isRunFolder } from './library.ts';

/** The accuracy of a checkpoint's validation loss, if the metrics of its run allow it. */
export interface Certainty {
  /** Half the width of the 95 % interval around the loss, in nats per symbol; null where it is not known. */
  readonly margin: number | null;
  /** The lowest validation loss of its run; null where that is not known. */
  readonly best: {
    readonly validationLoss: number;
    readonly epoch: number;
    /** True for the checkpoint itself, and for one that is as low. */
    readonly isThis: boolean;
    /** Whether the checkpoint's loss is above it by chance only; null if that cannot be determined. */
    readonly isWithinChance: boolean | null;
  } | null;
}

const unknown: Certainty = { margin: null, best: null };

/**
 * Finds a checkpoint's evaluation in the metrics of its run. A file outside its run, or whose run has no readable metrics, is not an error: the
 * result is then unknown.
 */
export async function measureCertainty(
  path: string,
  metadata: Pick<CheckpointMetadata, 'iteration' | 'validationLoss'>,
): Promise<Certainty> {
  const run = dirname(dirname(path));
  if (!(await isRunFolder(run))) return unknown;
  const { history } = await readMetricsOrProblem(run);
  return certaintyIn(history, metadata);
}

/** The same of a history that has been read. */
export function certaintyIn(
  history: RunHistory,
  checkpoint: Pick<CheckpointMetadata, 'iteration' | 'validationLoss'>,
): Certainty {
  const evaluation = evaluationOf(history, checkpoint);
  const { validationLoss } = checkpoint;
  const best = lowest(history.evaluations);
  if (evaluation === undefined || validationLoss === null || best === undefined) return unknown;
  return {
    margin: margin(evaluation.parts),
    best: {
      validationLoss: best.validationLoss,
      epoch: best.epoch,
      isThis: validationLoss <= best.validationLoss,
      isWithinChance: isWithinChance(best.parts, evaluation.parts),
    },
  };
}

type MeasuredPoint = EvaluationEvent & { readonly validationLoss: number };

function lowest(evaluations: readonly EvaluationEvent[]): MeasuredPoint | undefined {
  return evaluations
    .filter((point): point is MeasuredPoint => point.validationLoss !== null)
    .reduce<MeasuredPoint | undefined>(
      (found, point) => (found === undefined || point.validationLoss < found.validationLoss ? point : found),
      undefined,
    );
}
