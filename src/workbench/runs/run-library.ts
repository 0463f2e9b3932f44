import { stat } from 'node:fs/promises';
import { fingerprint } from '../../runs/fingerprint.ts';
import type { KeptSummaries } from '../../runs/kept-summaries.ts';
import { SweepTextTitles } from '../../runs/sweeps/text-titles.ts';
import { glimpseCreated, runNames, runsAtOnce, summaryOf } from '../../runs/library.ts';
import type { ActiveRun } from '../../processes/scheduler-types.ts';
import type { TrainingScheduler } from '../../processes/training-scheduler.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { Run } from '../../shared/domain/run.ts';
import { contained } from '../storage/contained.ts';
import { sizeOf } from '../../node/files/sizes.ts';
import { inPortions } from './in-portions.ts';
import { readNotes } from './notes-store.ts';
import { viewRun } from './run-view.ts';

/** Files whose change means that a run has to be read again. */
const watched = ['run.json', 'run.lock', 'notes.json', 'checkpoints'] as const;
/** Grows while a run trains in another process; runs that train here report their progress. */
const progressFile = 'metrics.jsonl';

/** Number of runs that a page gets first: more than it shows at once. */
const firstPortion = 12;
const portionIntervalMs = 200;

interface Cached {
  readonly key: string;
  readonly run: Run;
}

/** A portion of the runs, in the order of lists; `remaining` are still to come. */
export interface RunPortion {
  readonly runs: readonly Run[];
  readonly remaining: number;
}

interface LibraryOptions {
  readonly runsFolder: string;
  readonly scheduler: () => TrainingScheduler;
  /** The title of the text at a path. */
  readonly titleOf: (path: string) => string;
  /** The stored summaries of runs that have ended. */
  readonly kept: KeptSummaries;
}

/** The runs for pages: on disk, training here or waiting. A run is read again only if it has changed. */
export class RunLibrary {
  readonly runsFolder: string;
  readonly #scheduler: () => TrainingScheduler;
  readonly #titleOf: (path: string) => string;
  readonly #kept: KeptSummaries;
  readonly #sweepTitles = new SweepTextTitles();
  readonly #cache = new Map<string, Cached>();
  /** Iterations that live runs have done since their files were read. */
  readonly #live = new Map<string, number>();
  /** Known facts about processes that ended without a report. */
  readonly #crashes = new Map<string, string>();
  /** Waits until a run that ended a moment ago can be stored. */
  #settling: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ runsFolder, scheduler, titleOf, kept }: LibraryOptions) {
    this.runsFolder = runsFolder;
    this.#titleOf = titleOf;
    this.#scheduler = scheduler;
    this.#kept = kept;
  }

  /** Waiting runs first, in the order of the queue. */
  async list(): Promise<readonly Run[]> {
    const names = await runNames(this.runsFolder);
    const found = await concurrently(names, runsAtOnce, (name) => this.#read(name));
    await this.#keep(names);
    const runs = found.filter((run) => run !== undefined);
    const places = new Map(this.#scheduler().waiting.map(({ id }, place) => [id, place]));
    const placeOf = ({ id }: Run): number => places.get(id) ?? places.size;
    return runs.map((run) => this.#overlay(run)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /**
   * Reads all runs, newest first, and delivers them in portions: the first as soon as there is about a screenful. A run that has never been read takes a few
   * milliseconds.
   */
  async read(tell: (portion: RunPortion) => void): Promise<void> {
    const names = await this.#newestFirst();
    await inPortions(names, (name) => this.#read(name), {
      limit: runsAtOnce,
      first: firstPortion,
      intervalMs: portionIntervalMs,
      tell: ({ results, remaining }) => {
        const runs = results.filter((run) => run !== undefined).map((run) => this.#overlay(run));
        tell({ runs, remaining });
      },
    });
    await this.#keep(names);
  }

  /** Cancels what waits; nothing is stored from then on. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#settling);
  }

  /** @throws CharloomError('not-found') */
  async get(id: string): Promise<Run> {
    const run = await this.#read(id);
    if (run !== undefined) return this.#overlay(run);
    throw new CharloomError('not-found', `There is no run “${id}”.`, {
      fix: 'It may have been removed or renamed outside Charloom.',
    });
  }

  /** Whether a process of ours works on it; another may belong to a command line. */
  isTrainedHere(id: string): boolean {
    return this.#scheduler().active?.id === id;
  }

  folder(id: string): string {
    return contained(this.runsFolder, id);
  }

  /** A live run reports its progress between two reads of its files. */
  noteIteration(id: string, iteration: number): void {
    this.#live.set(id, iteration);
  }

  /** What happened to the process that trained a run; undefined once the run resumes. */
  noteCrash(id: string, message: string | undefined): void {
    if (message === undefined) this.#crashes.delete(id);
    else this.#crashes.set(id, message);
  }

  forget(id: string): void {
    this.#cache.delete(id);
    this.#live.delete(id);
    this.#crashes.delete(id);
  }

  async #read(name: string): Promise<Run | undefined> {
    const folder = contained(this.runsFolder, name);
    const key = await fingerprint(folder, this.isTrainedHere(name) ? watched : [...watched, progressFile]);
    const cached = this.#cache.get(name);
    if (cached?.key === key && !this.#kept.isSettled(name)) return cached.run;
    const exists = await stat(folder).then(
      () => true,
      () => false,
    );
    if (!exists) return undefined;
    const [summary, notes] = await Promise.all([summaryOf(folder, this.#kept), readNotes(folder)]);
    const bytes = summary.kind === 'run' ? summary.bytes : await sizeOf(folder);
    const sweepTitle =
      summary.kind === 'run' ? await this.#sweepTitles.titleOf(folder, summary.record.text.path) : undefined;
    const titleOf = (path: string): string => sweepTitle ?? this.#titleOf(path);
    const run = viewRun(summary, { notes, bytes, titleOf });
    this.#cache.set(name, { key, run });
    this.#settleLater();
    return run;
  }

  async #newestFirst(): Promise<readonly string[]> {
    const names = await runNames(this.runsFolder);
    const dated = await concurrently(names, runsAtOnce, async (name) => {
      const known = this.#cache.get(name)?.run.created ?? this.#kept.createdOf(name);
      return { name, created: known ?? (await glimpseCreated(contained(this.runsFolder, name))) };
    });
    return dated.toSorted((a, b) => compareText(b.created, a.created)).map(({ name }) => name);
  }

  async #keep(names: readonly string[]): Promise<void> {
    if (this.#isClosed) return;
    this.#kept.retain(names);
    await this.#kept.save();
  }

  /** A run that changed a moment ago, for example because it ended, is read again and stored when it has settled, whether or not a page is open. */
  #settleLater(): void {
    const delay = this.#kept.untilSettled;
    if (delay === undefined || this.#settling !== undefined || this.#isClosed) return;
    this.#settling = setTimeout(() => void this.#settle().catch(() => undefined), delay);
    this.#settling.unref();
  }

  async #settle(): Promise<void> {
    try {
      for (const name of this.#kept.settled) await this.#read(name);
    } finally {
      this.#settling = undefined;
    }
    if (!this.#isClosed) await this.#kept.save();
    this.#settleLater();
  }

  #overlay(run: Run): Run {
    const { active, waiting } = this.#scheduler();
    if (waiting.some(({ id }) => id === run.id)) return { ...run, state: 'waiting', reason: null };
    if (active?.id !== run.id) return this.#atRest(run);
    const iteration = Math.max(run.iteration, this.#live.get(run.id) ?? 0);
    return { ...run, state: stateOf(active), iteration, reason: reasonOf(active) };
  }

  /** Its files could not record its end, for example on a full disk. */
  #atRest(run: Run): Run {
    const crash = this.#crashes.get(run.id);
    if (crash === undefined) return run;
    if (run.state === 'interrupted')
      return { ...run, reason: `${crash} It can be resumed from its last save.` };
    return run.state === 'waiting' ? { ...run, state: 'failed', reason: crash } : run;
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function stateOf({ state }: ActiveRun): RunState {
  return state === 'ended' ? 'stopped' : state;
}

function reasonOf({ state, reason }: ActiveRun): string | null {
  return state === 'paused' ? reason : null;
}
