import { appendFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { CharloomError } from '../../shared/errors.ts';
import { removeLeftovers, syncFolder, writeAtomically } from './atomic.ts';
import { runFolderName } from './names.ts';
import { RunLock } from './run-lock.ts';
import { decodeRunRecord, encodeRunRecord, type RunRecord } from './run-record.ts';
import { readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/** Where things are in a run folder (docs/run-format.md). */
export function runPaths(folder: string) {
  return {
    record: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    samples: join(folder, 'samples.jsonl'),
    /** What counting alone scores on the run's split. */
    baselines: join(folder, 'baselines.json'),
    log: join(folder, 'log.txt'),
    checkpoints: join(folder, 'checkpoints'),
    /** The unlisted save that limits what a power cut can take. */
    resumePoint: join(folder, 'resume.safetensors'),
    /** The parameters that a warm-started run began with. */
    initial: join(folder, 'initial.safetensors'),
  } as const;
}
export type RunPaths = ReturnType<typeof runPaths>;

/** No run.json comes near it: the longest texts in it are paths. */
const maxBytes = 1 << 20;

/**
 * Reads `run.json`. Needs no lock: the file is replaced as a whole.
 * @throws CharloomError 'not-found', 'bad-run', 'storage', or 'incompatible' when a newer Charloom wrote it
 */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const path = runPaths(folder).record;
  try {
    return decodeRunRecord(
      await withStorageErrors('read the run', path, () => readSmallText(path, maxBytes)),
    );
  } catch (error) {
    if (!(error instanceof CharloomError)) throw error;
    const code = systemCode(error.cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CharloomError('not-found', `There is no run at ${folder}.`, { cause: error });
    }
    if (error.code !== 'bad-run' && error.code !== 'incompatible') throw error;
    const fix = error.fix === undefined ? {} : { fix: error.fix };
    throw new CharloomError(error.code, `${folder}: ${error.message}`, { ...fix, cause: error });
  }
}

/** A run folder that this process holds the lock of. */
export class RunFolder {
  readonly path: string;
  readonly paths: RunPaths;
  readonly #lock: RunLock;

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
      const path = await makeNewFolder(parent, name);
      const run = new RunFolder(path, await RunLock.take(path));
      await mkdir(run.paths.checkpoints);
      await syncFolder(parent);
      return run;
    });
  }

  /**
   * Takes an existing run, and clears what a killed process left half-written.
   * @throws CharloomError 'not-found', 'run-busy' or 'storage'
   */
  static async open(path: string): Promise<RunFolder> {
    const folder = resolve(path);
    await readRunRecord(folder);
    const run = new RunFolder(folder, await RunLock.take(folder));
    try {
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

  /** Adds a line for people to `log.txt`. */
  async log(line: string, now = new Date()): Promise<void> {
    await appendToLog(this.path, line, now);
  }

  /** @throws CharloomError('run-busy') when the folder is no longer ours; asked before anything is written. */
  async checkHeld(): Promise<void> {
    await this.#lock.check();
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}

/** Adds a line for people to a run's `log.txt`: also for what happened to the process that worked on it, told by another. */
export async function appendToLog(folder: string, line: string, now = new Date()): Promise<void> {
  const { log } = runPaths(folder);
  const text = `${now.toISOString().slice(0, 19).replace('T', ' ')}  ${line}\n`;
  await withStorageErrors('write the log', log, () => appendFile(log, text));
}

async function makeNewFolder(parent: string, name: string): Promise<string> {
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
