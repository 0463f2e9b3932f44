import { z } from 'zod';
import { residualModes } from '../../shared/domain/model-spec.ts';
import { weightKinds } from '../../shared/domain/training-choices.ts';
import { foundStates } from '../../shared/domain/run-state.ts';
import { count, loss, verdict } from './common.ts';

const problem = z.object({ path: z.string(), problem: z.string() });

export const runsResult = z.object({
  runs_folder: z.string(),
  /** Newest first, damaged ones last. */
  runs: z.array(
    z.discriminatedUnion('status', [
      z.object({ status: z.literal('damaged'), name: z.string(), path: z.string(), problem: z.string() }),
      z.object({
        /** `waiting`: in the queue of a workbench, not started. `interrupted`: its process ended unexpectedly. */
        status: z.enum(['waiting', ...foundStates]),
        name: z.string(),
        path: z.string(),
        problem: z.null(),
        /** Why it exploded or failed. */
        reason: z.string().nullable(),
        text: z.string(),
        model: z.string(),
        rnn_size: count,
        num_layers: count,
        created: z.string(),
        updated: z.string(),
        i: count,
        /** Null for a run that has not started. */
        iterations: count.nullable(),
        epoch: z.number(),
        checkpoints: count,
        best: z.object({ path: z.string(), epoch: z.number(), val_loss: loss }).nullable(),
        /** Files of the run that cannot be used. */
        problems: z.array(z.string()).readonly(),
      }),
    ]),
  ),
});
export type RunsResult = z.infer<typeof runsResult>;

export const checkpointsResult = z.object({
  run: z.string(),
  verdict,
  /** By validation loss, best first. */
  checkpoints: z.array(
    z.object({
      path: z.string(),
      i: count,
      epoch: z.number(),
      val_loss: loss,
      /** The weights that `val_loss` belongs to and that it is used with. */
      weights: z.enum(weightKinds),
      /** Of the last training batch before it. */
      train_loss: loss,
      learning_rate: z.number(),
      bytes: count,
      best: z.boolean(),
      /** Half the width of the 95 % interval around `val_loss`; null where it is not known. */
      val_loss_margin: loss,
      /** Whether it is above the lowest loss of the run only by chance; null if that is unknown. */
      within_chance_of_best: z.boolean().nullable(),
    }),
  ),
  problems: z.array(problem),
});
export type CheckpointsResult = z.infer<typeof checkpointsResult>;

export const showResult = z.object({
  path: z.string(),
  format_version: count,
  written_by: z.string(),
  model: z.string(),
  rnn_size: count,
  num_layers: count,
  dropout: z.number(),
  layer_norm: z.boolean(),
  residual: z.enum(residualModes),
  parameters: count,
  symbols: z.enum(['characters', 'bytes']),
  vocabulary_size: count,
  vocabulary: z.array(z.string()),
  i: count,
  epoch: z.number(),
  iterations_per_epoch: count,
  val_loss: loss,
  /** The weights that it belongs to and that the model is used with; both measurements, where the run averages its weights. */
  weights: z.enum(weightKinds),
  trained_loss: loss.optional(),
  averaged_loss: loss.optional(),
  /** Half the width of the 95 % interval around it, if the metrics of its run allow it. */
  val_loss_margin: loss,
  /** Whether no measurement of its run is lower; null for a file outside its run. */
  is_best_of_run: z.boolean().nullable(),
  /** Whether it is above the lowest only by chance; null if that is unknown. */
  within_chance_of_best: z.boolean().nullable(),
  train_loss: loss,
  first_loss: loss,
  learning_rate: z.number(),
  recoveries: count,
  initialized_from: z.string().nullable(),
  /** Null for a model that Charloom trained. */
  imported_from: z.object({ program: z.string(), file: z.string() }).nullable(),
  variant: z.string(),
  text: z.object({ sha256: z.string(), bytes: count, encoding: z.string(), characters: count }),
  /** By their names on the command line. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  tensors: z.array(z.object({ name: z.string(), shape: z.array(count) })),
});
export type ShowResult = z.infer<typeof showResult>;
