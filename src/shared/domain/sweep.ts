import { z } from 'zod';
import { count, fraction, measure, moment, nameSchema } from './common.ts';
import { runRequestSchema } from './run.ts';
import {
  earlyStoppingSchema,
  sweepChangesSchema,
  sweepHoursSchema,
  sweepSpaceSchema,
} from './sweep-space.ts';

/** What trains the tasks of a sweep: Slurm jobs, `charloom sweep submit --engine local`, or the queue of a workbench. */
export const sweepEngines = ['slurm', 'local', 'queue'] as const;
export type SweepEngine = (typeof sweepEngines)[number];

/**
 * Every state of a task.
 *
 * planned: not submitted. waiting: submitted, not started. restarting: started, and waits to be requeued. running: a process trains its run.
 * finished, exploded, failed: as for a run. stopped-early: it fell behind the others, or the hours of the sweep are used up. cancelled: by the user.
 * stopped: saved before its end, and not submitted. lost: submitted, but known neither to Slurm nor in its files.
 */
export const sweepTaskStates = [
  ...(['planned', 'waiting', 'restarting', 'running', 'finished', 'exploded'] as const),
  ...(['stopped-early', 'cancelled', 'stopped', 'failed', 'lost'] as const),
] as const;
export type SweepTaskState = (typeof sweepTaskStates)[number];

/** Whether a task is under way: it must not be submitted again. */
export function isTaskUnderway(state: SweepTaskState): boolean {
  return state === 'waiting' || state === 'restarting' || state === 'running';
}

/** A task as lists show it. */
export const sweepTaskSchema = z.strictObject({
  index: count,
  /** Name of its run's folder, which exists once it has started. */
  run: nameSchema,
  /** How it differs from the others, its seed included where the sweep has several. */
  changes: sweepChangesSchema,
  state: z.enum(sweepTaskStates),
  /** The reason, in sentences, if the state alone is not enough. */
  reason: z.string().nullable(),
  /** The computer that it runs on, or ran on last. */
  node: z.string().nullable(),
  iteration: count,
  /** Null until it has started. */
  iterations: count.nullable(),
  /** The lowest validation loss, with half the width of its 95 % interval, and where it was measured. */
  loss: measure,
  margin: measure,
  epoch: z.number().nullable(),
  attempts: count,
  /** Seconds that processes have worked on it. */
  seconds: z.number(),
});
export type SweepTask = Readonly<z.infer<typeof sweepTaskSchema>>;

/** A sweep in a list. */
export const sweepHeadSchema = z.strictObject({
  /** Name of its folder. */
  id: nameSchema,
  name: z.string(),
  /** Folder, for people. */
  path: z.string(),
  created: moment,
  tasks: count,
});
export type SweepHead = Readonly<z.infer<typeof sweepHeadSchema>>;

/** A sweep and the state of each of its tasks. */
export const sweepOverviewSchema = z.strictObject({
  ...sweepHeadSchema.shape,
  tasks: z.array(sweepTaskSchema).readonly(),
  space: sweepSpaceSchema,
  earlyStopping: earlyStoppingSchema.nullable(),
  text: z.strictObject({ title: z.string(), path: z.string(), sha256: z.string(), characters: count }),
  /** How it was submitted last; null before. */
  engine: z.enum(sweepEngines).nullable(),
  /** Hours that all tasks together may use; null for no limit. */
  hours: z.number().nullable(),
  /** Tasks in each state. */
  counts: z.record(z.enum(sweepTaskStates), count),
  /** Share of all planned iterations that is done or will not be done. */
  progress: fraction,
  /** Index of the task with the lowest validation loss, and those of the tasks that differ from it only by chance. */
  best: count.nullable(),
  withinChance: z.array(count).readonly(),
  /** Remarks on the whole sweep, in sentences. */
  remarks: z.array(z.string()).readonly(),
});
export type SweepOverview = Readonly<z.infer<typeof sweepOverviewSchema>>;

/** The sweeps of a runs folder, newest first, and those whose files cannot be read. */
export const sweepListSchema = z.strictObject({
  sweeps: z.array(sweepHeadSchema).readonly(),
  damaged: z.array(z.strictObject({ id: nameSchema, path: z.string(), problem: z.string() })).readonly(),
});
export type SweepList = Readonly<z.infer<typeof sweepListSchema>>;

/** A sweep to be started. */
export const sweepRequestSchema = z.strictObject({
  /** What all its runs share. */
  run: runRequestSchema,
  /** What the runs vary. */
  space: sweepSpaceSchema,
  /** Null: every run is trained to its end. */
  earlyStopping: earlyStoppingSchema.nullable(),
  /** Null: no limit. */
  hours: sweepHoursSchema.nullable(),
});
export type SweepRequest = Readonly<z.infer<typeof sweepRequestSchema>>;
