import { mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { CharloomError } from '../../shared/errors.ts';
import { appendWhole } from './append-whole.ts';
import { removeLeftovers, syncFolder, writeAtomically } from './atomic.ts';
import { runFolderName } from './names.ts';
import type { PlannedRun } from './planned-run.ts';
import { RunLock, type SharedLockOptions } from './run-lock.ts';
import { decodeRunRecord, encodeRunRecord, isPlanned } from './run-record.ts';
import type { RunRecord, StoredRun } from './run-record.ts';
import { readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/** Where things are in a run folder (docs/run-format.md). */
export function runPaths(folder: string) {
  return {
    record: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    samples: join(folder, 'samples.jsonl'),
    /** The losses of counting alone on the run's split. */
    baselines: join(folder, 'baselines.json'),
    log: join(folder, 'log.txt'),
    checkpoints: join(folder, 'checkpoints'),
    /** The unlisted save that limits what a power cut can destroy. */
    resumePoint: join(folder, 'resume.safetensors'),
    /** The weights that a warm-started run began with. */
    initial: join(folder, 'initial.safetensors'),
  } as const;
}
export type RunPaths = ReturnType<typeof runPaths>;

/** No run.json comes near it: the longest texts in it are paths. */
export const maxRecordBytes = 1 << 20;

/**
 * Reads `run.json` of a run that has started.
 * @throws CharloomError 'not-found', 'bad-run', 'storage', or 'incompatible' when a newer Charloom wrote it; 'run-busy' for a run that waits for its turn
 */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const run = await readStoredRun(folder);
  if (!isPlanned(run)) return run;
  throw notStarted(folder, run);
}

/** Why a run that has not started cannot be used; undefined if it has started, or cannot be read. */
export async function whyNotStarted(folder: string): Promise<CharloomError | undefined> {
  const run = await readStoredRun(folder).catch(() => undefined);
  return run !== undefined && isPlanned(run) ? notStarted(folder, run) : undefined;
}

function notStarted(folder: string, { state, reason }: PlannedRun): CharloomError {
  const name = basename(folder);
  return state === 'waiting'
    ? new CharloomError('run-busy', `The run ${name} is in the queue and has not started yet.`, {
        fix: { kind: 'wait-for-turn' },
      })
    : new CharloomError('bad-run', `The run ${name} could not start: ${reason ?? 'an error ended it.'}`, {
        fix: 'Resume it in the Charloom window, or start a new run.',
      });
}

/**
 * Reads `run.json`, whether or not the run has started. Needs no lock: the file is replaced as a whole.
 * @throws CharloomError 'not-found', 'bad-run' or 'storage'
 */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const path = runPaths(folder).record;
  try {
    return decodeRunRecord(
      await withStorageErrors('read the run', path, () => readSmallText(path, maxRecordBytes)),
    );
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    const code = systemCode(error.cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CharloomError('not-found', `There is no run at ${folder}.`, { cause: error });
    }
    if (error.code !== 'bad-run' && error.code !== 'incompatible') throw error;
    throw new CharloomError(error.code, `${folder}: ${error.message}`, {
      fix: error.advice ?? error.fix,
      cause: error,
    });
  }
}

/** A run folder whose lock this process holds. */
export class RunFolder {
  readonly path: string;
  readonly paths: RunPaths;
  readonly #lock: RunLock;
  /** Buffered lines of the log. */
  #lines = '';

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.paths = runPaths(path);
    this.#lock = lock;
  }

  /**
   * Makes a folder for a new run, named after it: `novel`, or `novel-2` when there is one already.
   * @throws CharloomError('storage')
   */
  static async create(runsFolder: string, name: string): Promise<RunFolder> {
    const parent = resolve(runsFolder);
    return withStorageErrors('make a run folder', parent, async () => {
      await makeFolder(parent, 'make a run folder');
      const path = await makeRunFolder(parent, name);
      try {
        const run = new RunFolder(path, await RunLock.takeRun(path));
        await mkdir(run.paths.checkpoints);
        await syncFolder(parent);
        return run;
      } catch (error) {
        // Frees the name again.
        await rm(path, { recursive: true, force: true });
        throw error;
      }
    });
  }

  /**
   * Takes an existing run, and removes what a killed process left half-written.
   * @throws CharloomError 'not-found', 'run-busy' or 'storage'; 'cancelled' while another computer's process was watched
   */
  static async open(path: string, lock: SharedLockOptions = {}): Promise<RunFolder> {
    const folder = resolve(path);
    await readRunRecord(folder);
    return RunFolder.#take(folder, lock, () => Promise.resolve());
  }

  /**
   * Takes a reserved folder (reserveRun), to start its waiting run.
   * @throws CharloomError 'not-found', 'bad-run' or 'storage'; 'run-busy' if another process has started it
   */
  static async start(path: string): Promise<RunFolder> {
    const folder = resolve(path);
    await readStoredRun(folder);
    return RunFolder.#take(folder, {}, () => refuseStarted(folder));
  }

  /**
   * Takes the folder intended for a new run, and creates it if it does not exist: an earlier attempt to start the run may have created it.
   * @throws CharloomError 'storage', 'cancelled' while another computer's process was watched; 'run-busy' when the run has started
   */
  static async startIn(path: string, lock: SharedLockOptions = {}): Promise<RunFolder> {
    const folder = resolve(path);
    await makeFolder(folder, 'make a run folder');
    return RunFolder.#take(folder, lock, () => refuseStarted(folder));
  }

  static async #take(
    folder: string,
    lock: SharedLockOptions,
    check: () => Promise<void>,
  ): Promise<RunFolder> {
    const run = new RunFolder(folder, await RunLock.takeRun(folder, lock));
    try {
      await check();
      await withStorageErrors('open the run', folder, async () => {
        await makeFolder(run.paths.checkpoints, 'open the run');
        await removeLeftovers(folder);
        await removeLeftovers(run.paths.checkpoints);
      });
    } catch (error) {
      await run.release();
      throw error;
    }
    return run;
  }

  async readRecord(): Promise<RunRecord> {
    return readRunRecord(this.path);
  }

  async writeRecord(record: RunRecord): Promise<void> {
    await this.#lock.check();
    await writeAtomically(this.paths.record, [encodeRunRecord(record)], 'save the run');
  }

  /** Adds a line for people to the log; the next `flushLog` writes it. */
  log(line: string, now = new Date()): void {
    this.#lines += logLine(line, now);
  }

  /** Writes the buffered lines to `log.txt`. A failure leaves no torn line behind, and the lines stay buffered. */
  async flushLog(): Promise<void> {
    const lines = this.#lines;
    if (lines === '') return;
    await appendLines(this.path, lines);
    this.#lines = this.#lines.slice(lines.length);
  }

  /** @throws CharloomError('run-busy') if the folder is no longer ours; checked before anything is written. */
  async checkHeld(): Promise<void> {
    await this.#lock.check();
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}

async function refuseStarted(folder: string): Promise<void> {
  const run = await readStoredRun(folder).catch((error: unknown) => {
    if (error instanceof CharloomError && error.code === 'not-found') return undefined;
    throw error;
  });
  if (run === undefined || isPlanned(run)) return;
  throw new CharloomError('run-busy', `The run at ${folder} has already started.`);
}

/** Appends a line to a run's `log.txt`. Another process uses it too, to record how the process that trained the run ended. */
export async function appendToLog(folder: string, line: string, now = new Date()): Promise<void> {
  await appendLines(folder, logLine(line, now));
}

function logLine(line: string, now: Date): string {
  return `${now.toISOString().slice(0, 19).replace('T', ' ')}  ${line}\n`;
}

async function appendLines(folder: string, lines: string): Promise<void> {
  const { log } = runPaths(folder);
  await withStorageErrors('write the log', log, () => appendWhole(log, lines), Buffer.byteLength(lines));
}

/** The first free name of `novel`, `novel-2`, ...: two simultaneous requests get different names. */
export async function makeRunFolder(parent: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(parent, runFolderName(name, count));
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}
