import type { Submission } from '../../node/sweeps/submissions.ts';
import type { JobList, JobView } from '../../runs/sweeps/jobs.ts';
import { unknownJobs } from '../../runs/sweeps/jobs.ts';
import { runSlurm, slurmError } from './run-slurm.ts';

/** What Slurm reports on a sweep's jobs, with one query for all of them. If the sweep has no jobs in Slurm, nothing is queried. */
export async function listJobs(submissions: readonly Submission[]): Promise<JobList> {
  const names = submissions.flatMap(({ jobName, refusal }) =>
    jobName === null || refusal !== null ? [] : [jobName],
  );
  if (names.length === 0) return unknownJobs;
  const askedAt = Date.now();
  const answer = await runSlurm('squeue', squeueWords(names));
  if (answer.kind !== 'done') {
    const problem = `Which jobs wait and run is not known here. ${slurmError('squeue', answer).message}`;
    return { ...unknownJobs, problem };
  }
  return { isKnown: true, problem: null, askedAt, jobs: new Map(jobsOf(answer.output)) };
}

function squeueWords(names: readonly string[]): readonly string[] {
  return ['--noheader', '--array', '--states=all', `--name=${names.join(',')}`, '--format=%i|%T|%r|%N'];
}

function jobsOf(output: string): readonly (readonly [string, JobView])[] {
  return output.split('\n').flatMap((line) => {
    const [id = '', state = '', reason = '', node = ''] = line.split('|').map((part) => part.trim());
    if (!/^\d+_\d+$/.test(id)) return [];
    return [[id, { state, reason: wordOrNull(reason), node: wordOrNull(node) }] as const];
  });
}

/** A value of Slurm's; null if it means that there is none. */
export function wordOrNull(word: string): string | null {
  return word === '' || word === 'None' || word === '(null)' || word === 'N/A' ? null : word;
}

/** The array of a submission whose answer was lost; undefined where there is none. */
export async function findJob(jobName: string): Promise<string | undefined> {
  const answer = await runSlurm('squeue', squeueWords([jobName]));
  if (answer.kind !== 'done') throw slurmError('squeue', answer);
  const [id] = jobsOf(answer.output).map(([found]) => found);
  return id?.split('_')[0];
}
