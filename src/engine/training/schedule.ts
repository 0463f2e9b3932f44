import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';

/** Epochs done after an iteration, a real number as in char-rnn: 0.95 is most of the way through the first. */
export function epochOf(iteration: number, plan: ChunkPlan): number {
  return iteration / plan.iterationsPerEpoch;
}

/** Whether the validation loss is measured and a checkpoint saved after an iteration: at regular intervals, and at the end. */
export function isEvaluationDue(iteration: number, settings: RunSettings, plan: ChunkPlan): boolean {
  return iteration % settings.evaluateEvery === 0 || iteration === plan.iterations;
}

/** char-rnn calls a loss above three times the first one an explosion. */
export function explosionKind(
  loss: number,
  firstLoss: number | null,
): 'not-a-number' | 'exploding' | undefined {
  if (!Number.isFinite(loss)) return 'not-a-number';
  return firstLoss !== null && loss > 3 * firstLoss ? 'exploding' : undefined;
}
