import { shellCommand } from '../../shared/format/shell-quote.ts';
import { requireOneLine, type JobOptions } from './job-options.ts';

export interface JobScript {
  /** The sweep's name for people. */
  readonly name: string;
  readonly folder: string;
  readonly submission: number;
  /** Index of a task minus that of its array element. */
  readonly offset: number;
  readonly options: Pick<JobOptions, 'setup' | 'wrap' | 'charloom'>;
  /** The command that it is submitted with. */
  readonly command: readonly string[];
}

/** How a script is submitted, as it can be typed in a shell. */
export function submitCommand(command: readonly string[]): string {
  return shellCommand(['sbatch', ...command], 'script');
}

/**
 * The script that every job of a submission runs. Before its time limit Slurm sends USR1 to the shell (`--signal=B:`; in Node it would open the
 * debugger), and the shell asks the run to save. A run that has saved and is not done exits with 75, and the job is requeued. If Slurm itself ends a
 * job (preemption, a node that fails), it restarts the job; a cancelled job must not come back.
 * @throws CharloomError('usage') for words that would not stay on their line
 */
export function jobScript({ name, folder, submission, offset, options, command }: JobScript): string {
  const { setup, wrap, charloom } = options;
  const words = [...charloom, 'sweep', 'task', folder];
  for (const word of [name, ...words, ...command, wrap ?? '']) requireOneLine(word);
  const task = [
    ...(wrap === null ? [] : [wrap]),
    shellCommand(words, 'script'),
    '"$index"',
    '--submission',
    submission,
  ];
  return `#!/bin/bash
# The sweep ${name}, submission ${submission}: each element of the array trains one run. Written by Charloom, and submitted with
#   ${submitCommand(command)}

index=$((SLURM_ARRAY_TASK_ID + ${offset}))
child=
limit=
caught=
# USR1: the time limit is near. TERM: Slurm takes the job away.
save() { caught=1; if [ -n "$child" ]; then kill -TERM "$child" 2> /dev/null; fi; }
trap 'limit=1; save' USR1
trap 'save' TERM
${setup === null ? '' : `\n# Setup\n${setup.trimEnd()}\n`}
${task.join(' ')} &
child=$!
# A signal may have arrived before the run was started.
if [ -n "$caught" ]; then save; fi
wait "$child"
code=$?
# A signal ends the waiting early: then it is waited for again.
while [ -n "$caught" ]; do
  caught=
  wait "$child"
  again=$?
  if [ "$again" -ne 127 ]; then code=$again; fi
done
# 143: ended by a signal before it could listen; there was nothing to save yet.
if [ -n "$limit" ] && { [ "$code" -eq 75 ] || [ "$code" -eq 143 ]; }; then
  echo "Saved before the time limit; the job asks for another turn."
  scontrol requeue "$SLURM_JOB_ID" && exit 0
fi
if [ "$code" -eq 137 ]; then echo "The run was killed (SIGKILL). If memory ran out, submit it with more --mem."; fi
exit "$code"
`;
}
