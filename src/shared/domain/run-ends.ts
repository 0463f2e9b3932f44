/**
 * How training ends. finished: it did all its iterations. stopped: with a last measurement and a checkpoint. suspended: without them, what was
 * learned is kept as a resume point. exploded: the loss left every bound.
 */
export const trainingEnds = ['finished', 'stopped', 'suspended', 'exploded'] as const;
export type TrainingEnd = (typeof trainingEnds)[number];

/** The ends that scripts are told: whichever way a run was stopped, it is resumed in the same way. */
export const toldEnds = ['finished', 'stopped', 'exploded'] as const satisfies readonly TrainingEnd[];
export type ToldEnd = (typeof toldEnds)[number];

/** How a run ends that nobody stopped. failed: an error ended it. interrupted: its process is gone; it can be resumed from its last save. */
export const unexpectedEnds = ['finished', 'exploded', 'failed', 'interrupted'] as const;
export type UnexpectedEnd = (typeof unexpectedEnds)[number];
