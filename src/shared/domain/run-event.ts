import { z } from 'zod';
import { count, measure, nameSchema } from './common.ts';
import { weightKinds, type WeightKind } from './training-choices.ts';
import { trainingEnds } from './run-end.ts';

/**
 * What happens in a run, from the training loop to the log file, the curve and the command line. Losses and norms are in nats per symbol
 * and null where they are not a finite number; epochs are real numbers; an iteration is the number of steps done.
 */
export const stepEventSchema = z.strictObject({
  kind: z.literal('step'),
  iteration: count,
  epoch: z.number(),
  /** Of this step's batch. */
  loss: measure,
  /** The learning rate of this step. */
  learningRate: z.number(),
  gradientNorm: measure,
  parameterNorm: measure,
  milliseconds: z.number(),
});
export type StepEvent = Readonly<z.infer<typeof stepEventSchema>>;

export const evaluationEventSchema = z.strictObject({
  kind: z.literal('evaluation'),
  iteration: count,
  epoch: z.number(),
  /** The one that counts: if the run averages its weights, the lower of the two below. */
  validationLoss: measure,
  /** Of the trained weights and of their average; missing where no average is kept. */
  trainedLoss: measure.optional(),
  averagedLoss: measure.optional(),
  /**
   * Means over consecutive parts of the validation split, which show how far the loss may be off by chance. Missing where one of them is not a number,
   * and in runs of earlier versions.
   */
  parts: z.array(z.number()).max(1000).readonly().optional(),
});
export type EvaluationEvent = Readonly<z.infer<typeof evaluationEventSchema>>;

/** The weights that an evaluation's loss, and therefore a checkpoint's, belongs to: the averaged ones where they are better. */
export function betterWeights({
  trainedLoss = null,
  averagedLoss = null,
}: {
  readonly trainedLoss?: number | null | undefined;
  readonly averagedLoss?: number | null | undefined;
}): WeightKind {
  return (averagedLoss ?? Infinity) < (trainedLoss ?? Infinity) ? 'averaged' : 'trained';
}

/**
 * Why a checkpoint is written. An explosion is not a reason: as in char-rnn it ends the run with the earlier checkpoints, because the step that
 * exploded has changed the network, and an exploding loss has usually been growing for several steps.
 */
export const checkpointReasons = ['scheduled', 'end', 'request', 'stop'] as const;
export type CheckpointReason = (typeof checkpointReasons)[number];

export const checkpointEventSchema = z.strictObject({
  kind: z.literal('checkpoint'),
  /** Its name in the run's folder of checkpoints. */
  file: nameSchema,
  iteration: count,
  epoch: z.number(),
  validationLoss: measure,
  /** The weights that the loss belongs to and that the checkpoint is used with; missing where they are the trained ones. */
  weights: z.enum(weightKinds).optional(),
  /** True when no checkpoint of the run has a lower validation loss. */
  best: z.boolean(),
  reason: z.enum(checkpointReasons),
});
export type CheckpointEvent = Readonly<z.infer<typeof checkpointEventSchema>>;

/** The part stored in a checkpoint on disk: without the reason it was saved for. */
export const listedCheckpointSchema = checkpointEventSchema.omit({ reason: true });
export type ListedCheckpoint = Readonly<z.infer<typeof listedCheckpointSchema>>;

/** The loss exceeded its limit, or is no longer a number (null). */
export const explosionEventSchema = z.strictObject({
  kind: z.literal('explosion'),
  iteration: count,
  loss: measure,
  action: z.enum(['stop', 'recover']),
});
export type ExplosionEvent = Readonly<z.infer<typeof explosionEventSchema>>;

/** The run returned to this iteration: everything after it is void. */
export const rollbackEventSchema = z.strictObject({ kind: z.literal('rollback'), iteration: count });

export const stateEventSchema = z.strictObject({
  kind: z.literal('state'),
  /** What training does, or how it has ended. */
  state: z.enum(['running', 'paused', ...trainingEnds, 'failed']),
  iteration: count,
  /** When a session starts, what it trains; missing when a run continues after a pause. */
  session: z
    .strictObject({ isResumed: z.boolean(), text: z.string(), iterations: count, device: z.string() })
    .optional(),
  /** Why it failed, waits without having been paused by the user, or ended in another way than requested. */
  reason: z.string().optional(),
});
export type StateEvent = Readonly<z.infer<typeof stateEventSchema>>;

/** A line of the run's log, for people. */
export const logEventSchema = z.strictObject({ kind: z.literal('log'), line: z.string() });

export const runEventSchema = z.discriminatedUnion('kind', [
  stepEventSchema,
  evaluationEventSchema,
  checkpointEventSchema,
  explosionEventSchema,
  rollbackEventSchema,
  stateEventSchema,
  logEventSchema,
]);
export type RunEvent = Readonly<z.infer<typeof runEventSchema>>;

/** The numerical events of a run over time; `metrics.jsonl` stores these. */
export type MetricEvent =
  StepEvent | EvaluationEvent | ExplosionEvent | Readonly<z.infer<typeof rollbackEventSchema>>;

/** A number in a form that events and JSON can represent. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export type ExplosionKind = 'not-a-number' | 'exploding';

/** Whether the loss was still a number, but above its limit. */
export function explosionKindOf({ loss }: Pick<ExplosionEvent, 'loss'>): ExplosionKind {
  return loss === null ? 'not-a-number' : 'exploding';
}
