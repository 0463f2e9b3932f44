import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../node/files/atomic.ts';
import { makeFolder } from '../node/files/make-folder.ts';
import { readSmallText } from '../node/files/plain-file.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { runRecordSchema } from '../node/files/run-record.ts';
import { weightKinds } from '../shared/domain/training-choices.ts';
import { charloomVersion } from '../shared/version.ts';
import { markOf, timeStepAt, type FileMark } from './fingerprint.ts';
import type { ReadableRun } from './summary.ts';

/** Entries of another version are read from the runs again. */
const formatVersion = 1;

/** Its path follows from its name. */
const bestSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  iteration: z.number(),
  epoch: z.number(),
  validationLoss: z.number().nullable(),
  trainLoss: z.number().nullable(),
  learningRate: z.number(),
  weights: z.enum(weightKinds),
  recoveries: z.number(),
});

/** A summary without what depends on where the run is. */
const keptSchema = z.strictObject({
  mark: z.string(),
  record: runRecordSchema,
  iteration: z.number(),
  checkpoints: z.number(),
  best: bestSchema.nullable(),
  losses: z.array(z.number()).readonly(),
  bytes: z.number(),
});

/** Only what sorting the runs needs. */
const datedSchema = z.object({ record: z.object({ created: z.string() }) });

const fileSchema = z.object({
  formatVersion: z.literal(formatVersion),
  /** Another version may summarise the same files in another way. */
  writtenBy: z.literal(charloomVersion),
  folder: z.string(),
  /** By the name of the run's folder; each is checked when it is used. */
  runs: z.record(z.string(), z.unknown()),
});

/** A larger file is not one of ours. */
const maxBytes = 1 << 28;

/**
 * Summaries of runs that have ended, kept in a file so that a large library need not be read again. The runs' own files are the truth: a summary is
 * valid only while the marks of its run's files are the ones that it was made from, and the file may be removed at any time. Several processes may
 * use it: it is replaced as a whole, and what one of them does not keep is read again.
 */
export class KeptSummaries {
  readonly #path: string;
  readonly #folder: string;
  readonly #runs: Map<string, unknown>;
  readonly #now: () => number;
  /** Runs that changed too recently to be kept, and when they can be. */
  readonly #unsettled = new Map<string, number>();
  #hasChanged = false;

  private constructor(path: string, folder: string, runs: Map<string, unknown>, now: () => number) {
    this.#path = path;
    this.#folder = folder;
    this.#runs = runs;
    this.#now = now;
  }

  /**
   * Opens the stored summaries of the runs of a folder. A missing, damaged or differently versioned file counts as empty.
   * @param cacheFolder where such files are
   * @param now milliseconds since 1970
   */
  static async open(
    cacheFolder: string,
    runsFolder: string,
    now: () => number = Date.now,
  ): Promise<KeptSummaries> {
    const folder = resolve(runsFolder);
    const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    const path = join(cacheFolder, `runs-${digest}.json`);
    return new KeptSummaries(path, folder, await readFrom(path, folder), now);
  }

  /** The summary of a run that has ended; undefined when it must be read. */
  async find(folder: string): Promise<ReadableRun | undefined> {
    const name = basename(folder);
    const stored = this.#runs.get(name);
    if (stored === undefined) return undefined;
    const mark = (await endedMarks(folder))?.text;
    const kept = keptSchema.safeParse(stored);
    if (!kept.success || kept.data.mark !== mark) {
      this.#runs.delete(name);
      this.#hasChanged = true;
      return undefined;
    }
    const { record, best, iteration, checkpoints, losses, bytes } = kept.data;
    return {
      kind: 'run',
      folder,
      name,
      status: record.state,
      record,
      iteration,
      checkpoints,
      best: best && { ...best, path: join(runPaths(folder).checkpoints, best.name) },
      losses,
      bytes,
      problems: [],
    };
  }

  /** When a run was created, according to its kept summary; undefined if there is none. Good for sorting, not for display: it may be out of date. */
  createdOf(name: string): string | undefined {
    return datedSchema.safeParse(this.#runs.get(name)).data?.record.created;
  }

  /** Milliseconds until the next run that changed too recently can be read again and kept; undefined if none is waiting. */
  get untilSettled(): number | undefined {
    return this.#unsettled.size === 0
      ? undefined
      : Math.max(0, Math.min(...this.#unsettled.values()) - this.#now());
  }

  /** Whether a run changed too recently to be kept when it was read, and can be kept now. */
  isSettled(name: string): boolean {
    return (this.#unsettled.get(name) ?? Infinity) <= this.#now();
  }

  /** All such runs. */
  get settled(): readonly string[] {
    return [...this.#unsettled.keys()].filter((name) => this.isSettled(name));
  }

  /**
   * Keeps the summary of a run if it has ended and has no problems, which may be solved without changing the marks. One that changed a moment ago has
   * to be read once more, when it has `settled`.
   * @param summarize reads the run; the marks are taken before
   */
  async keep<T extends { readonly kind: string }>(
    folder: string,
    summarize: () => Promise<T | ReadableRun>,
  ): Promise<T | ReadableRun> {
    const marks = await endedMarks(folder);
    const readAt = this.#now();
    const summary = await summarize();
    const name = basename(folder);
    this.#unsettled.delete(name);
    if (marks === undefined || !isReadable(summary)) return summary;
    if (summary.problems.length > 0 || summary.status !== summary.record.state) return summary;
    const step = timeStepAt(marks.changed);
    const age = readAt - marks.changed;
    // Waiting for a time that another computer's clock set far in the future would take too long.
    if (age < step && age > -step) this.#unsettled.set(name, marks.changed + step);
    if (age < step) return summary;
    this.#runs.set(name, asKept(marks.text, summary));
    this.#hasChanged = true;
    return summary;
  }

  /** Forgets deleted runs. */
  retain(names: Iterable<string>): void {
    const there = new Set(names);
    for (const name of this.#unsettled.keys()) if (!there.has(name)) this.#unsettled.delete(name);
    for (const name of this.#runs.keys()) {
      if (there.has(name)) continue;
      this.#runs.delete(name);
      this.#hasChanged = true;
    }
  }

  /** Writes the file if there is anything new. Nothing depends on it: what cannot be written is made again. */
  async save(): Promise<void> {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    const runs = Object.fromEntries(this.#runs);
    const content = JSON.stringify({
      formatVersion,
      writtenBy: charloomVersion,
      folder: this.#folder,
      runs,
    });
    try {
      await makeFolder(join(this.#path, '..'));
      await writeAtomically(this.#path, [content]);
    } catch {
      // A full disk, or a folder that is not ours to write in.
    }
  }
}

function isReadable(summary: { readonly kind: string }): summary is ReadableRun {
  return summary.kind === 'run';
}

function asKept(mark: string, summary: ReadableRun): z.input<typeof keptSchema> {
  const { record, iteration, checkpoints, best, losses, bytes } = summary;
  return { mark, record, iteration, checkpoints, best: best && bestSchema.parse(best), losses, bytes };
}

/** The marks of everything that a summary is made from; undefined while a process has, or had, the run. */
async function endedMarks(folder: string): Promise<FileMark | undefined> {
  const { record, metrics, checkpoints } = runPaths(folder);
  const [lock, ...marks] = await Promise.all(
    [join(folder, 'run.lock'), record, metrics, checkpoints].map(markOf),
  );
  if (lock?.text !== '-') return undefined;
  return {
    text: marks.map(({ text }) => text).join(' '),
    changed: Math.max(...marks.map(({ changed }) => changed)),
  };
}

async function readFrom(path: string, folder: string): Promise<Map<string, unknown>> {
  try {
    const file = fileSchema.parse(JSON.parse(await readSmallText(path, maxBytes)));
    return file.folder === folder ? new Map(Object.entries(file.runs)) : new Map();
  } catch {
    return new Map();
  }
}
