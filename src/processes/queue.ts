import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeAtomically } from '../node/files/atomic.ts';
import { makeFolder } from '../node/files/make-folder.ts';
import { RunLock } from '../node/files/run-lock.ts';
import { CharloomError } from '../shared/errors.ts';
import { SerialQueue } from '../shared/serial-queue.ts';
import { isRunFolder } from '../runs/library.ts';
import {
  emptyQueueFile,
  encodeQueueFile,
  readQueueFile,
  type QueuedRun,
  type QueueFile,
} from './queue-file.ts';
import { reserveDescribed } from './reserve-described.ts';
import { waitingRuns } from './waiting-runs.ts';

export interface QueueFolders {
  /** Charloom's own folder, where the order is kept. */
  readonly home: string;
  /** Where the runs are. */
  readonly runs: string;
}

/**
 * The order in which runs are trained, kept in a file. A waiting run's own folder holds its state and what it needs to start. A run that the order
 * lacks, because the program was killed in between, is appended.
 */
export class RunQueue {
  readonly #folders: QueueFolders;
  readonly #lock: RunLock | null;
  /** Why this process cannot use the queue: it holds nothing then, and takes nothing. */
  readonly problem: CharloomError | null;
  #file: QueueFile = emptyQueueFile;
  readonly #writing = new SerialQueue();

  private constructor(folders: QueueFolders, lock: RunLock | null, problem: CharloomError | null) {
    this.#folders = { home: folders.home, runs: resolve(folders.runs) };
    this.#lock = lock;
    this.problem = problem;
  }

  /**
   * Opens the queue for this process only: two processes that start the same runs would train everything twice. An unreadable file is moved aside and
   * is not fatal; a file from a newer Charloom is left unchanged.
   * @param onDamage called with the new location
   */
  static async open(folders: QueueFolders, onDamage: (movedTo: string) => void): Promise<RunQueue> {
    const lock = await takeLock(join(folders.home, 'queue'));
    if (lock === null) return new RunQueue(folders, null, openTwice(folders.home));
    const queue = new RunQueue(folders, lock, null);
    try {
      await queue.#load(onDamage);
      return queue;
    } catch (error) {
      await lock.release();
      // For example a full disk: the queue is unchanged, and everything but training works.
      if (error instanceof CharloomError) return new RunQueue(folders, null, error);
      throw error;
    }
  }

  /** Releases the queue for the next process. */
  async close(): Promise<void> {
    await this.#writing.run(() => Promise.resolve());
    await this.#lock?.release();
  }

  /** The waiting runs, the next first. */
  get waiting(): readonly QueuedRun[] {
    return this.#file.order[this.#folders.runs] ?? [];
  }

  /** @throws CharloomError, such as 'run-busy' when another process has the queue */
  requireUsable(): void {
    if (this.problem !== null) throw this.problem;
  }

  /**
   * Adds runs at the end; one that is already waiting stays where it is.
   * @throws CharloomError as requireUsable, or 'storage'; then none of them waits
   */
  async add(runs: readonly QueuedRun[]): Promise<void> {
    this.requireUsable();
    const fresh = runs.filter(({ id }) => !this.#has(id));
    try {
      await this.#replace([...this.waiting, ...fresh]);
    } catch (error) {
      this.#file = this.#with(this.waiting.filter((run) => !fresh.includes(run)));
      throw error;
    }
  }

  /** Adds waiting runs that the order lacks, for example restored ones. Returns whether there were any. */
  async adopt(): Promise<boolean> {
    if (this.problem !== null) return false;
    const lacking = (await waitingRuns(this.#folders.runs)).filter(({ id }) => !this.#has(id));
    if (lacking.length > 0) await this.add(lacking.map(({ id }) => ({ id, resume: null })));
    return lacking.length > 0;
  }

  /** Removes runs whose folders no longer exist; they would otherwise count as positions without being visible. */
  async dropGone(): Promise<void> {
    const gone = new Set<string>();
    for (const { id } of this.waiting) if (!(await isRunFolder(join(this.#folders.runs, id)))) gone.add(id);
    if (gone.size > 0) await this.#replace(this.waiting.filter(({ id }) => !gone.has(id)));
  }

  /**
   * Removes a run. Returns whether it was there.
   * @throws CharloomError('storage'); then it waits where it was
   */
  async remove(id: string): Promise<boolean> {
    const before = this.#placeOf(id);
    const run = this.waiting[before];
    if (run === undefined) return false;
    try {
      await this.leave(id);
    } catch (error) {
      if (!this.#has(id)) this.#file = this.#with(this.waiting.toSpliced(before, 0, run));
      throw error;
    }
    return true;
  }

  /**
   * Removes a run that has had its turn.
   * @throws CharloomError('storage'); the run has then left the queue, but not the file
   */
  async leave(id: string): Promise<void> {
    if (this.#has(id)) await this.#replace(this.waiting.filter((run) => run.id !== id));
  }

  /**
   * Moves a run to a place, 0 being the next. Returns whether it was there.
   * @throws CharloomError('storage'); then it waits where it was
   */
  async move(id: string, place: number): Promise<boolean> {
    const before = this.#placeOf(id);
    if (before < 0) return false;
    try {
      await this.#replace(this.#moved(id, place));
    } catch (error) {
      this.#file = this.#with(this.#moved(id, before));
      throw error;
    }
    return true;
  }

  #placeOf(id: string): number {
    return this.waiting.findIndex((run) => run.id === id);
  }

  #moved(id: string, place: number): readonly QueuedRun[] {
    const run = this.waiting.filter((waiting) => waiting.id === id);
    const rest = this.waiting.filter((waiting) => waiting.id !== id);
    return rest.toSpliced(place, 0, ...run);
  }

  #has(id: string): boolean {
    return this.waiting.some((run) => run.id === id);
  }

  get #path(): string {
    return join(this.#folders.home, 'queue.json');
  }

  async #load(onDamage: (movedTo: string) => void): Promise<void> {
    const { runs } = this.#folders;
    const file = await readQueueFile(this.#path);
    if (file.kind === 'damaged') {
      const aside = `${this.#path}.damaged`;
      await rename(this.#path, aside);
      onDamage(aside);
    }
    if (file.kind === 'newer') throw file.problem;
    if (file.kind === 'current') this.#file = file.file;
    if (file.kind === 'described') {
      this.#file = { ...emptyQueueFile, order: await reserveDescribed(file.runs, runs) };
    }
    const reconciled = await reconcile(this.waiting, runs);
    if (file.kind === 'described' || !isDeepStrictEqual(reconciled, this.waiting))
      await this.#replace(reconciled);
  }

  #with(waiting: readonly QueuedRun[]): QueueFile {
    return { ...this.#file, order: { ...this.#file.order, [this.#folders.runs]: waiting } };
  }

  /** Writes follow one another, so that the last one determines the file. */
  async #replace(waiting: readonly QueuedRun[]): Promise<void> {
    this.#file = this.#with(waiting);
    const content = encodeQueueFile(this.#file);
    await this.#writing.run(() => writeAtomically(this.#path, [content], 'keep the queue'));
  }
}

/** The order without runs that have gone or started meanwhile, and with waiting runs that it lacks. */
async function reconcile(order: readonly QueuedRun[], runsFolder: string): Promise<readonly QueuedRun[]> {
  const waiting = new Set((await waitingRuns(runsFolder)).map(({ id }) => id));
  const kept = new Map<string, QueuedRun>();
  for (const run of order) {
    const isThere = run.resume === null ? waiting.has(run.id) : await isRunFolder(join(runsFolder, run.id));
    if (isThere && !kept.has(run.id)) kept.set(run.id, run);
  }
  for (const id of waiting) if (!kept.has(id)) kept.set(id, { id, resume: null });
  return [...kept.values()];
}

/** Null when another process has it. */
async function takeLock(folder: string): Promise<RunLock | null> {
  await makeFolder(folder, 'make the data folder');
  try {
    return await RunLock.take(folder);
  } catch (error) {
    if (error instanceof CharloomError && error.code === 'run-busy') return null;
    throw error;
  }
}

function openTwice(home: string): CharloomError {
  return new CharloomError('run-busy', 'Another Charloom is using this folder, and trains its runs.', {
    fix: `Use the Charloom that was opened first, or close it and restart this one. If there is no other, remove ${join(home, 'queue', 'run.lock')}.`,
  });
}
