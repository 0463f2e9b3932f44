import { z } from 'zod';
import { recipeNames } from '../../shared/domain/recipes.ts';
import { weightKinds } from '../../shared/domain/training-choices.ts';
import { reportedEnds } from '../../shared/domain/run-end.ts';
import { vocabularyChoices } from '../../shared/domain/symbol-fit.ts';
import { count, loss, replacement, verdict } from './common.ts';

/** One line per event. Other kinds may be added: a reader skips those that it does not know. */
export const trainEvent = z.discriminatedUnion('event', [
  /** Before `start`, if the run starts from a checkpoint whose symbols differ from the text's. */
  z.object({
    event: z.literal('vocabulary'),
    choice: z.enum(vocabularyChoices),
    /** Different symbols of the checkpoint, and those of the text that were added. */
    known: count,
    added: count,
    /** Length of the text as the run reads it, and how many of its symbols are left out. */
    characters: count,
    left_out: count,
    replaced: z.array(replacement),
  }),
  z.object({
    event: z.literal('start'),
    run: z.string(),
    resumed: z.boolean(),
    i: count,
    iterations: count,
    iterations_per_epoch: count,
    characters: count,
    vocabulary_size: count,
    parameters: count,
    /** By name; null for custom settings. */
    recipe: z.enum(recipeNames).nullable(),
    device: z.string(),
    threads: count,
  }),
  z.object({
    event: z.literal('step'),
    i: count,
    epoch: z.number(),
    loss,
    ms: z.number(),
    learning_rate: z.number(),
    gradient_norm: loss,
    parameter_norm: loss,
  }),
  z.object({
    event: z.literal('eval'),
    i: count,
    epoch: z.number(),
    val_loss: loss,
    val_loss_margin: loss,
    /** Of the trained weights and of their average; `val_loss` is the lower one. Missing where no average is kept. */
    trained_loss: loss.optional(),
    averaged_loss: loss.optional(),
  }),
  z.object({
    event: z.literal('checkpoint'),
    path: z.string(),
    epoch: z.number(),
    val_loss: loss,
    i: count,
    /** The weights that `val_loss` belongs to and that the checkpoint is used with. */
    weights: z.enum(weightKinds),
    reason: z.string(),
    best: z.boolean(),
  }),
  z.object({
    event: z.literal('explosion'),
    i: count,
    loss,
    kind: z.string(),
    action: z.enum(['stop', 'recover']),
  }),
  /** The run waits for disk space, or continues. */
  z.object({
    event: z.literal('state'),
    state: z.enum(['paused', 'running']),
    i: count,
    reason: z.string().nullable(),
  }),
  z.object({ event: z.literal('notice'), message: z.string() }),
  z.object({
    event: z.literal('done'),
    run: z.string(),
    end: z.enum(reportedEnds),
    i: count,
    best: z.string().nullable(),
    verdict,
  }),
]);
export type TrainEvent = z.infer<typeof trainEvent>;
