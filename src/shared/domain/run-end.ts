import { z } from 'zod';
import { nameSchema } from './common.ts';

/**
 * How training ends. finished: all iterations are completed, or patience ended it. stopped: with a last measurement and a checkpoint. suspended:
 * without them, with a resume point. exploded: the loss grew without limit.
 */
export const trainingEnds = ['finished', 'stopped', 'suspended', 'exploded'] as const;
export type TrainingEnd = (typeof trainingEnds)[number];

/** The ends reported to scripts: however a run was stopped, it is resumed in the same way. */
export const reportedEnds = ['finished', 'stopped', 'exploded'] as const satisfies readonly TrainingEnd[];
export type ReportedEnd = (typeof reportedEnds)[number];

/**
 * How a run ends that the user did not stop. stopped-early: by its sweep. failed: an error ended it. interrupted: its process ended; it can be resumed from its last save. held: it has
 * not ended, but waits for free disk space.
 */
const unexpectedEnds = ['finished', 'stopped-early', 'exploded', 'failed', 'interrupted', 'held'] as const;

/** How serious it is for the user. */
export const newsLevelSchema = z.enum(['good', 'warning', 'bad']);

/** A run that ended or cannot continue, without a request from the user, who will want to know. */
export const runEndSchema = z.strictObject({
  run: nameSchema,
  name: z.string(),
  how: z.enum(unexpectedEnds),
  level: newsLevelSchema,
  /** What happened and what can be done, in one to three sentences. */
  message: z.string(),
});
export type RunEnd = Readonly<z.infer<typeof runEndSchema>>;
