import { z } from 'zod';
import { nameSchema } from './common.ts';

/**
 * How training ends. finished: it did all its iterations, or patience ended it before. stopped: with a last measurement and a checkpoint. suspended: without them, what was
 * learned is kept as a resume point. exploded: the loss left every bound.
 */
export const trainingEnds = ['finished', 'stopped', 'suspended', 'exploded'] as const;
export type TrainingEnd = (typeof trainingEnds)[number];

/** The ends that scripts hear of: whichever way a run was stopped, it is resumed in the same way. */
export const reportedEnds = ['finished', 'stopped', 'exploded'] as const satisfies readonly TrainingEnd[];
export type ReportedEnd = (typeof reportedEnds)[number];

/**
 * How a run ends that nobody stopped. failed: an error ended it. interrupted: its process is gone; it can be resumed from its last save. held: it has
 * not ended, but does nothing until somebody makes room on the disk.
 */
const unexpectedEnds = ['finished', 'exploded', 'failed', 'interrupted', 'held'] as const;

/** How serious it is for whoever reads it. */
export const newsLevelSchema = z.enum(['good', 'warning', 'bad']);

/** A run that has ended, or cannot go on by itself, without being told to by a person, who will want to know. */
export const runEndSchema = z.strictObject({
  run: nameSchema,
  name: z.string(),
  how: z.enum(unexpectedEnds),
  level: newsLevelSchema,
  /** What happened and what can be done, in one to three sentences. */
  message: z.string(),
});
export type RunEnd = Readonly<z.infer<typeof runEndSchema>>;
