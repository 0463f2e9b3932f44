import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../node/files/make-folder.ts';
import { writeAtomically } from '../node/files/atomic.ts';
import { RunLock } from '../node/files/run-lock.ts';
import { systemCode } from '../node/files/storage-error.ts';
import { CharloomError } from '../shared/errors.ts';
import { decodeQueueFile, type QueuedRun, type QueueFile } from './queue-file.ts';

export type { QueuedRun };

const emptyFile: QueueFile = { formatVersion: 1, waiting: [] };

/** The runs that wait, kept in a file: a power cut does not empty it. */
export class RunQueue {
  readonly #path: string;
  /** Null when another process has the queue: then this one is empty and takes nothing. */
  readonly #lock: RunLock | null;
  /** Why the file cannot be read and must not be written: a newer Charloom wrote it. */
  readonly problem: CharloomError | undefined;
  #file: QueueFile;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, lock: RunLock | null, file: QueueFile, problem?: CharloomError) {
    this.#path = path;
    this.#lock = lock;
    this.#file = file;
    this.problem = problem;
  }

  /**
   * Opens the queue of a folder, for this process alone: two that begin the same runs would train everything twice. A file that cannot be
   * read is moved aside, never fatal; one that a newer Charloom wrote stays as it is, and the queue is empty and takes nothing.
   * @param onDamage told where it was moved
   */
  static async open(folder: string, onDamage: (movedTo: string) => void): Promise<RunQueue> {
    const path = join(folder, 'queue.json');
    const lock = await takeLock(join(folder, 'queue'));
    const content = lock === null ? null : await readIfThere(path);
    if (content === null) return new RunQueue(path, lock, emptyFile);
    const read = decodeQueueFile(content);
    if (read.kind === 'read') return new RunQueue(path, lock, read.file);
    if (read.kind === 'newer') return new RunQueue(path, lock, emptyFile, read.problem);
    const aside = `${path}.damaged`;
    await rename(path, aside);
    onDamage(aside);
    return new RunQueue(path, lock, emptyFile);
  }

  /** Whether this process has the queue. */
  get isOurs(): boolean {
    return this.#lock !== null;
  }

  /** Leaves the queue to the next process. */
  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#lock?.release();
  }

  get waiting(): readonly QueuedRun[] {
    return this.#file.waiting;
  }

  /** @throws CharloomError 'run-busy' when another process has the queue, 'incompatible' when a newer Charloom wrote its file */
  async add(runs: readonly QueuedRun[]): Promise<void> {
    if (this.#lock === null) {
      throw new CharloomError('run-busy', 'Charloom is open a second time, and trains there.', {
        fix: `Use the one that was opened first, or close it and open this one again. If there is no other, remove ${join(this.#path, '..', 'queue', 'run.lock')}.`,
      });
    }
    if (this.problem !== undefined) throw this.problem;
    await this.#replace([...this.waiting, ...runs]);
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    const rest = this.waiting.filter((run) => run.id !== id);
    if (rest.length === this.waiting.length) return false;
    await this.#replace(rest);
    return true;
  }

  /** Puts a run at a place, 0 the next. Whether it was there. */
  async move(id: string, place: number): Promise<boolean> {
    const run = this.waiting.find((waiting) => waiting.id === id);
    if (run === undefined) return false;
    const rest = this.waiting.filter((waiting) => waiting.id !== id);
    await this.#replace(rest.toSpliced(place, 0, run));
    return true;
  }

  /** Writes follow each other, so that the file ends as the last of them. */
  async #replace(waiting: readonly QueuedRun[]): Promise<void> {
    this.#file = { ...this.#file, waiting: [...waiting] };
    const content = `${JSON.stringify(this.#file, null, 2)}\n`;
    const write = (): Promise<void> => writeAtomically(this.#path, [content], 'keep the queue');
    this.#written = this.#written.then(write, write);
    await this.#written;
  }
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

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
