import { lastSubmissions, readSubmissions } from '../../node/sweeps/submissions.ts';
import { formatTaskSet } from '../../shared/domain/task-set.ts';
import { runSlurm, slurmError } from './run-slurm.ts';

/**
 * Cancels the Slurm jobs of some tasks: those that run are asked to end and have time to save.
 * @returns why that could not be done, in sentences; the tasks still end when they see that they are cancelled
 */
export async function cancelJobs(folder: string, tasks: readonly number[]): Promise<readonly string[]> {
  const last = lastSubmissions(await readSubmissions(folder));
  const elements = new Map<string, number[]>();
  for (const index of tasks) {
    const submission = last.get(index);
    if (submission === undefined || submission.job === null) continue;
    elements.set(submission.job, [...(elements.get(submission.job) ?? []), index - submission.offset]);
  }
  const problems: string[] = [];
  for (const [job, own] of elements) {
    const answer = await runSlurm('scancel', [`${job}_[${formatTaskSet(own)}]`]);
    if (answer.kind !== 'done') problems.push(slurmError('scancel', answer).message);
  }
  return problems;
}
