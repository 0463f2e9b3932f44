import { isJobEnded, type JobView } from '../../runs/sweeps/jobs.ts';
import { wordOrNull } from './list-jobs.ts';
import { runSlurm } from './run-slurm.ts';

/** Milliseconds. A cluster's accounting helps but is not needed: a database that does not answer must not hold anything up. */
const timeoutMs = 10_000;

/**
 * How jobs ended that the queue has forgotten, from Slurm's accounting. Not every cluster has one: what it does not know is left out. A job that it
 * reports as running or waiting is left out too, since the queue would list it.
 * @param arrays whose jobs are requested
 * @returns by `<array>_<element>`
 */
export async function endedJobs(arrays: readonly string[]): Promise<ReadonlyMap<string, JobView>> {
  if (arrays.length === 0) return new Map();
  // A sweep may be another user's. A job that was started several times is listed with its last state.
  const words = ['--noheader', '--parsable2', '--allocations', '--allusers', '--format=JobID,State,NodeList'];
  const answer = await runSlurm('sacct', [...words, `--jobs=${arrays.join(',')}`], timeoutMs);
  return new Map(answer.kind === 'done' ? endedJobsIn(answer.output) : []);
}

/**
 * The jobs in lines such as "17_3|CANCELLED by 1000|node1". Elements that had not started share a line, and it may still list some that started later: their own
 * lines count.
 */
export function endedJobsIn(output: string): readonly (readonly [string, JobView])[] {
  const rows = output.split('\n').map((line) => {
    const [id = '', words = '', node = ''] = line.split('|');
    const state = words.split(' ')[0] ?? '';
    return { id, view: { state, reason: null, node: wordOrNull(node.replace('None assigned', '')) } };
  });
  const isShared = ({ id }: { readonly id: string }): boolean => id.includes('[');
  const jobs = new Map<string, JobView>();
  for (const { id, view } of [...rows.filter(isShared), ...rows.filter((row) => !isShared(row))])
    for (const element of elementsOf(id)) jobs.set(element, view);
  return [...jobs].filter(([, view]) => view.state !== '' && isJobEnded(view));
}

/** "17_3" as it is; elements that never started have one line: "17_[4-6,9%2]", or "17_[1-9:2]" for every second. */
function elementsOf(id: string): readonly string[] {
  if (/^\d+_\d+$/.test(id)) return [id];
  const [, array = '', list = ''] = /^(\d+)_\[([^\]%]*)(?:%\d+)?\]$/.exec(id) ?? [];
  return list.split(',').flatMap((part) => {
    const match = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part);
    if (match === null) return [];
    const [first, last, step] = [Number(match[1]), Number(match[2] ?? match[1]), Number(match[3] ?? 1)];
    const length = Math.min(maxElements, Math.floor((last - first) / Math.max(1, step)) + 1);
    return Array.from({ length: Math.max(0, length) }, (_, place) => `${array}_${first + place * step}`);
  });
}

/** Slurm's own limit on an array. */
const maxElements = 4_000_001;
