import { join } from 'node:path';
import { taskDigits } from '../../shared/planning/sweep-tasks.ts';

/** The extension of a sweep's folder, which is beside the runs in a runs folder. */
export const sweepExtension = '.sweep';

/** Where things are in a sweep's folder (docs/run-format.md). */
export function sweepPaths(folder: string) {
  return {
    /** What the sweep tries; never changed. */
    record: join(folder, 'sweep.json'),
    /** Its tasks; never changed. */
    tasks: join(folder, 'tasks.jsonl'),
    /** The text that every task learns from. */
    text: join(folder, 'text.txt'),
    /** The checkpoint that every task starts from, if one was given. */
    initial: join(folder, 'initial.safetensors'),
    /** Exactly what was last submitted. */
    script: join(folder, 'job.sh'),
    submissions: join(folder, 'submissions.jsonl'),
    cancelled: join(folder, 'cancelled'),
    /** Each task's own record. */
    taskFolders: join(folder, 'tasks'),
  } as const;
}

/** Where things are in the folder of one task. Only the task writes there. */
export function taskPaths(folder: string, index: number, tasks: number) {
  const own = join(sweepPaths(folder).taskFolders, String(index).padStart(taskDigits(tasks), '0'));
  return {
    folder: own,
    state: join(own, 'state.json'),
    evaluations: join(own, 'evals.jsonl'),
    log: join(own, 'log.txt'),
  } as const;
}

/** Holds the lock of `submit --engine local`, while it is at work. */
export function localFolder(folder: string): string {
  return join(folder, 'local');
}
