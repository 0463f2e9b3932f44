import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../node/files/make-folder.ts';
import { writeAtomically } from '../node/files/atomic.ts';
import { RunLock } from '../node/files/run-lock.ts';
import { systemCode } from '../node/files/storage-error.ts';
import { CharloomError } from '../shared/errors.ts';
import { runSettingsSchema } from '../shared/domain/run-settings.ts';
import { backendChoiceSchema } from '../shared/domain/run.ts';

const common = {
  /** `queued-…`: what a waiting run is called until it has a folder. */
  id: z.string().min(1).max(255),
  created: z.iso.datetime(),
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
};

/** A run that waits for its turn: a new one, or one to go on with. */
export const queuedRunSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('start'),
    textPath: z.string(),
    textTitle: z.string(),
    encoding: z.string().nullable(),
    settings: runSettingsSchema,
    initFrom: z.string().nullable(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('resume'),
    folder: z.string(),
    textPath: z.string().nullable(),
    changes: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);
export type QueuedRun = Readonly<z.infer<typeof queuedRunSchema>>;

const fileSchema = z.strictObject({ formatVersion: z.literal(1), waiting: z.array(queuedRunSchema) });

/** The runs that wait, kept in a file: a power cut does not empty it. */
export class RunQueue {
  readonly #path: string;
  /** Null when another process has the queue: then this one is empty and takes nothing. */
  readonly #lock: RunLock | null;
  #waiting: readonly QueuedRun[];
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, lock: RunLock | null, waiting: readonly QueuedRun[]) {
    this.#path = path;
    this.#lock = lock;
    this.#waiting = waiting;
  }

  /**
   * Opens the queue of a folder, for this process alone: two that begin the same runs would train everything twice. A file that cannot be
   * read is moved aside, never fatal.
   * @param onDamage told where it was moved
   */
  static async open(folder: string, onDamage: (movedTo: string) => void): Promise<RunQueue> {
    const path = join(folder, 'queue.json');
    const lock = await takeLock(join(folder, 'queue'));
    const content = lock === null ? null : await readIfThere(path);
    if (content === null) return new RunQueue(path, lock, []);
    const parsed = fileSchema.safeParse(parseJson(content));
    if (parsed.success) return new RunQueue(path, lock, parsed.data.waiting);
    const aside = `${path}.damaged`;
    await rename(path, aside);
    onDamage(aside);
    return new RunQueue(path, lock, []);
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
    return this.#waiting;
  }

  /** @throws CharloomError('run-busy') when another process has the queue */
  async add(runs: readonly QueuedRun[]): Promise<void> {
    if (this.#lock === null) {
      throw new CharloomError('run-busy', 'Charloom is open a second time, and trains there.', {
        fix: `Use the one that was opened first, or close it and open this one again. If there is no other, remove ${join(this.#path, '..', 'queue', 'run.lock')}.`,
      });
    }
    await this.#replace([...this.#waiting, ...runs]);
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    const rest = this.#waiting.filter((run) => run.id !== id);
    if (rest.length === this.#waiting.length) return false;
    await this.#replace(rest);
    return true;
  }

  /** Puts a run at a place, 0 the next. Whether it was there. */
  async move(id: string, place: number): Promise<boolean> {
    const run = this.#waiting.find((waiting) => waiting.id === id);
    if (run === undefined) return false;
    const rest = this.#waiting.filter((waiting) => waiting.id !== id);
    await this.#replace(rest.toSpliced(place, 0, run));
    return true;
  }

  /** Writes follow each other, so that the file ends as the last of them. */
  async #replace(waiting: readonly QueuedRun[]): Promise<void> {
    this.#waiting = waiting;
    const content = `${JSON.stringify({ formatVersion: 1, waiting }, null, 2)}\n`;
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

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
