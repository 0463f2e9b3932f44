import { setTimeout as wait } from 'node:timers/promises';
import { resolve } from 'node:path';
import { lastSubmissions, readSubmissions } from '../../node/sweeps/submissions.ts';
import { readSweepOverview, type OverviewOptions } from '../../runs/sweeps/overview.ts';
import type { SweepOverview, SweepTask } from '../../shared/domain/sweep.ts';
import { listJobs, withAccounting } from '../slurm/list-jobs.ts';

/** Milliseconds after which a task that seems lost is looked at again. */
const secondLookMs = 2000;

/**
 * Looks at sweeps, and remembers what seemed lost: a job that has just ended may be out of Slurm's list before its last word is to be read on a network disk, so a task is lost only when it was
 * so in two checks.
 */
export class SweepObserver {
  readonly #suspects = new Map<string, ReadonlySet<number>>();

  /** @throws CharloomError for a sweep that cannot be read */
  async look(folder: string, options: Omit<OverviewOptions, 'jobs'> = {}): Promise<SweepOverview> {
    const overview = await readWithJobs(folder, options);
    const key = resolve(folder);
    const before = this.#suspects.get(key) ?? new Set();
    const lost = overview.tasks.filter(({ state }) => state === 'lost');
    this.#suspects.set(key, new Set(lost.map(({ index }) => index)));
    const doubted = lost.filter(({ index }) => !before.has(index));
    return doubted.length === 0 ? overview : withDoubt(overview, new Set(doubted.map(({ index }) => index)));
  }

  /** For a single question: looks a second time where something seems lost. */
  async settled(folder: string, options: Omit<OverviewOptions, 'jobs'> = {}): Promise<SweepOverview> {
    const first = await this.look(folder, options);
    if ((this.#suspects.get(resolve(folder))?.size ?? 0) === 0) return first;
    await wait(secondLookMs);
    return this.look(folder, options);
  }
}

/** Slurm's accounting is asked only where its queue has forgotten a job. */
async function readWithJobs(folder: string, options: OverviewOptions): Promise<SweepOverview> {
  const submissions = await readSubmissions(folder);
  const jobs = await listJobs(submissions);
  const overview = await readSweepOverview(folder, { ...options, jobs });
  const last = lastSubmissions(submissions);
  const forgotten = overview.tasks.flatMap(({ state, index }) => {
    const job = last.get(index)?.job ?? null;
    return state === 'lost' && job !== null ? [job] : [];
  });
  const remembered = await withAccounting(jobs, forgotten);
  return remembered === jobs ? overview : readSweepOverview(folder, { ...options, jobs: remembered });
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
