import { setTimeout as wait } from 'node:timers/promises';
import { lastSubmissions, readSubmissions, type Submission } from '../../node/sweeps/submissions.ts';
import type { JobList, JobView } from '../../runs/sweeps/jobs.ts';
import { readSweepOverview, type OverviewOptions } from '../../runs/sweeps/overview.ts';
import type { SweepOverview, SweepTask } from '../../shared/domain/sweep.ts';
import { endedJobs } from '../slurm/accounting.ts';
import { listJobs } from '../slurm/list-jobs.ts';

/** Milliseconds after which a task that seems lost is checked again. */
const secondLookMs = 2000;

type LookOptions = Omit<OverviewOptions, 'jobs'>;

/** Slurm's answer, and the number of submissions that it covers. */
interface Answer {
  readonly jobs: JobList;
  readonly submissions: string;
  readonly at: number;
}

/**
 * Observes one sweep, and remembers what seemed lost: a job that has just ended may have left Slurm's list before its last record can be read on a
 * network disk. So a task is lost only if it seemed so in two checks, with two answers from Slurm.
 */
export class SweepObserver {
  readonly #folder: string;
  readonly #jobsForMs: number;
  /** Tasks that seemed lost, with the answer that they were first missing in. */
  #suspects: ReadonlyMap<number, JobList> = new Map();
  #answer: Answer | undefined;
  /** Jobs no longer in the queue, with how they ended according to Slurm's accounting: that does not change. */
  readonly #forgotten = new Map<string, JobView>();
  /** The queue's answer after which the accounting was last asked, and the arrays that it was asked about. */
  #asked: { readonly jobs: JobList; readonly arrays: string } | undefined;

  /** @param jobsForMs how long an answer from Slurm is reused: a page looks more often than a cluster should be asked */
  constructor(folder: string, { jobsForMs = 0 }: { readonly jobsForMs?: number } = {}) {
    this.#folder = folder;
    this.#jobsForMs = jobsForMs;
  }

  /** @throws CharloomError for a sweep that cannot be read */
  async look(options: LookOptions = {}): Promise<SweepOverview> {
    const submissions = await readSubmissions(this.#folder);
    const jobs = await this.#jobsOf(submissions);
    const overview = await this.#read(submissions, { ...options, jobs });
    const before = this.#suspects;
    const lost = overview.tasks.flatMap(({ state, index }) => (state === 'lost' ? [index] : []));
    this.#suspects = new Map(lost.map((index) => [index, before.get(index) ?? jobs]));
    const isDoubted = (index: number): boolean => {
      const first = before.get(index);
      return first === undefined || (first === jobs && jobs.isKnown);
    };
    const doubted = new Set(lost.filter(isDoubted));
    return doubted.size === 0 ? overview : withDoubt(overview, doubted);
  }

  /** For a single question: looks a second time where something seems lost. */
  async settled(options: LookOptions = {}): Promise<SweepOverview> {
    const first = await this.look(options);
    if (this.#suspects.size === 0) return first;
    await wait(secondLookMs);
    return this.look(options);
  }

  /** Asks Slurm at the next look: jobs have just been submitted or cancelled. */
  askAgain(): void {
    this.#answer = undefined;
  }

  async #jobsOf(submissions: readonly Submission[]): Promise<JobList> {
    const known = submissions.map(({ jobName, job }) => `${jobName} ${job}`).join();
    const now = performance.now();
    const last = this.#answer;
    if (last?.submissions === known && now - last.at < this.#jobsForMs) return last.jobs;
    const jobs = await listJobs(submissions);
    this.#answer = { jobs, submissions: known, at: now };
    return jobs;
  }

  async #read(
    submissions: readonly Submission[],
    options: LookOptions & { readonly jobs: JobList },
  ): Promise<SweepOverview> {
    const read = (): Promise<SweepOverview> =>
      readSweepOverview(this.#folder, { ...options, jobs: this.#withForgotten(options.jobs) });
    const overview = await read();
    return (await this.#askAccounting(overview, submissions, options.jobs)) ? read() : overview;
  }

  #withForgotten(list: JobList): JobList {
    if (!list.isKnown || this.#forgotten.size === 0) return list;
    return { ...list, jobs: new Map([...this.#forgotten, ...list.jobs]) };
  }

  /** Asks Slurm's accounting about tasks that seem lost, once for each answer of the queue. Returns whether it knew any of their jobs. */
  async #askAccounting(
    { tasks }: SweepOverview,
    submissions: readonly Submission[],
    jobs: JobList,
  ): Promise<boolean> {
    if (!jobs.isKnown) return false;
    const last = lastSubmissions(submissions);
    const lost = tasks
      .filter(({ state }) => state === 'lost')
      .map(({ index }) => last.get(index)?.job ?? null);
    const arrays = [...new Set(lost.filter((job) => job !== null))];
    if (this.#asked?.jobs === jobs && this.#asked.arrays === arrays.join()) return false;
    this.#asked = { jobs, arrays: arrays.join() };
    const before = this.#forgotten.size;
    for (const [id, job] of await endedJobs(arrays)) this.#forgotten.set(id, job);
    return this.#forgotten.size > before;
  }
}

function withDoubt(overview: SweepOverview, doubted: ReadonlySet<number>): SweepOverview {
  const tasks = overview.tasks.map((task): SweepTask => {
    if (!doubted.has(task.index)) return task;
    const state = task.attempts > 0 ? 'restarting' : 'waiting';
    return { ...task, state, reason: 'Slurm no longer lists its job; its files are read again in a moment.' };
  });
  const counts = { ...overview.counts };
  for (const { state } of tasks.filter(({ index }) => doubted.has(index))) {
    counts[state] += 1;
    counts.lost -= 1;
  }
  return { ...overview, tasks, counts };
}
