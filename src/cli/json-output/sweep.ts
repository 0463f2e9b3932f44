import { z } from 'zod';
import { sweepEngines, sweepTaskStates } from '../../shared/domain/sweep.ts';
import { count, loss } from './common.ts';

const changes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const sweepPlanResult = z.object({
  sweep: z.string(),
  path: z.string(),
  /** Where the runs will be. */
  runs_folder: z.string(),
  tasks: z.array(z.object({ task: count, run: z.string(), settings: changes })),
});
export type SweepPlanResult = z.infer<typeof sweepPlanResult>;

const task = z.object({
  task: count,
  run: z.string(),
  /** How it differs from the others, by names on the command line. */
  settings: changes,
  state: z.enum(sweepTaskStates),
  reason: z.string().nullable(),
  node: z.string().nullable(),
  i: count,
  iterations: count.nullable(),
  /** The lowest validation loss, and half the width of its 95 % interval. */
  val_loss: loss,
  val_loss_margin: loss,
  epoch: z.number().nullable(),
  attempts: count,
  seconds: z.number(),
});

export const sweepStatusResult = z.object({
  sweep: z.string(),
  path: z.string(),
  engine: z.enum(sweepEngines).nullable(),
  counts: z.record(z.enum(sweepTaskStates), count),
  /** Share of all planned iterations that is done or will not be done. */
  progress: z.number(),
  hours_used: z.number(),
  hours: z.number().nullable(),
  /** The task with the lowest validation loss, and those that differ from it only by chance. */
  best: count.nullable(),
  within_chance_of_best: z.array(count).readonly(),
  remarks: z.array(z.string()).readonly(),
  tasks: z.array(task),
});
export type SweepStatusResult = z.infer<typeof sweepStatusResult>;

export const sweepBestResult = z.object({
  sweep: z.string(),
  best: task.nullable(),
  within_chance: z.array(task),
  /** Where a sweep has several seeds: the mean of each combination whose seeds have all been measured, lowest first. */
  combinations: z.array(
    z.object({ settings: changes, val_loss: z.number(), spread: z.number(), tasks: z.array(count) }),
  ),
});
export type SweepBestResult = z.infer<typeof sweepBestResult>;

export const sweepListResult = z.object({
  runs_folder: z.string(),
  /** Newest first. */
  sweeps: z.array(z.object({ sweep: z.string(), path: z.string(), created: z.string(), tasks: count })),
  damaged: z.array(z.object({ path: z.string(), problem: z.string() })),
});
export type SweepListResult = z.infer<typeof sweepListResult>;

export const sweepSubmitResult = z.object({
  sweep: z.string(),
  engine: z.enum(['slurm', 'local']),
  /** Tasks that were submitted; empty if there was nothing left to submit. */
  tasks: z.array(count),
  /** Slurm's job arrays, or with --print what would be submitted. */
  arrays: z.array(
    z.object({
      number: count,
      job_name: z.string(),
      tasks: z.string(),
      command: z.array(z.string()),
      script: z.string(),
    }),
  ),
  is_printed_only: z.boolean(),
});
export type SweepSubmitResult = z.infer<typeof sweepSubmitResult>;

export const sweepCancelResult = z.object({
  sweep: z.string(),
  cancelled: z.array(count),
  problems: z.array(z.string()),
});
export type SweepCancelResult = z.infer<typeof sweepCancelResult>;
