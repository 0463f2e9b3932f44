import { z } from 'zod';
import type { Fields } from '../../shared/versioned.ts';
import { writeAtomically } from '../files/atomic.ts';
import { readSmallText } from '../files/plain-file.ts';

/** The state of an attempt. `waiting`: it has saved, and a job script may ask for another turn. */
const attemptStates = [
  ...(['starting', 'running', 'waiting', 'finished', 'exploded'] as const),
  ...(['stopped-early', 'cancelled', 'failed'] as const),
] as const;

const stateFields = {
  formatVersion: z.literal(1),
  state: z.enum(attemptStates),
  /** Why, in sentences. */
  reason: z.string().max(4000).nullable(),
  /** Remarks on how it was computed, in sentences. */
  remarks: z.array(z.string().max(4000)).max(20).readonly(),
  /** Number of processes that have worked on it, including this one. */
  attempts: z.int().nonnegative(),
  /** How many of these, counted back from the last, got no further than where they began, within one submission. */
  inVain: z.int().nonnegative(),
  /** The submission that this attempt belongs to. */
  submission: z.int().nonnegative(),
  host: z.string().max(255).nullable(),
  pid: z.int().positive().nullable(),
  /** Iterations done when the attempt began, and now. */
  begunAt: z.int().nonnegative(),
  iteration: z.int().nonnegative(),
  iterations: z.int().nonnegative().nullable(),
  /** Seconds that all attempts together have worked. */
  seconds: z.number().nonnegative(),
  updated: z.iso.datetime(),
};
/** `tasks/007/state.json`. */
export type TaskState = Readonly<Fields<typeof stateFields>>;
const stateSchema: z.ZodType<TaskState> = z.looseObject(stateFields);

const maxBytes = 1 << 20;

/** The last record of a task; undefined for one that has not started, or whose file is damaged. */
export async function readTaskState(path: string): Promise<TaskState | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readSmallText(path, maxBytes)));
  } catch {
    return undefined;
  }
}

export async function writeTaskState(path: string, state: TaskState): Promise<void> {
  await writeAtomically(path, [`${JSON.stringify(stateSchema.parse(state), null, 2)}\n`], 'note the task');
}
