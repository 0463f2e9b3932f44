import { rename, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic.ts';
import { NoPlainFileError, readSmallText } from './plain-file.ts';
import { withShortLock } from './short-lock.ts';
import { systemCode } from './storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import { newerFileError, upgradeToCurrent, type VersionChain } from '../../shared/versioned.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';

interface Options<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly initial: T;
  /** What is being done when it is written, following "Could not". */
  readonly action: string;
}

/**
 * A small file that holds one value and that another Charloom may change too: each change is applied to the file's current content. A damaged file is
 * moved aside and is not fatal; a file from a newer Charloom is left unchanged: here it has its initial value and cannot be changed.
 */
export class JsonFile<T> {
  readonly #options: Options<T>;
  #value: T;
  /** Shows whether the file has changed since it was read. */
  #version = '';
  #problem: CharloomError | undefined;
  readonly #changing = new SerialQueue();

  private constructor(options: Options<T>) {
    this.#options = options;
    this.#value = options.initial;
  }

  static async open<T>(options: Options<T>): Promise<JsonFile<T>> {
    const file = new JsonFile(options);
    await file.refresh();
    return file;
  }

  /** The content when the file was last read or changed here. */
  get value(): T {
    return this.#value;
  }

  /** Why the file cannot be read and must not be written: a newer Charloom wrote it. */
  get problem(): CharloomError | undefined {
    return this.#problem;
  }

  /** Checks whether another Charloom has changed it. */
  async refresh(): Promise<T> {
    const { path, schema, initial } = this.#options;
    // Before reading: what changes meanwhile is read again next time.
    const version = await versionOf(path);
    // Removing the file does not clear its value: the last known value still applies.
    if (version === this.#version || version === '') return this.#value;
    const read = await readValue(path, schema);
    this.#problem = read instanceof CharloomError ? read : undefined;
    this.#value = read instanceof CharloomError ? initial : (read ?? initial);
    this.#version = version;
    return this.#value;
  }

  /**
   * Changes the file. A change that cannot be written does not apply.
   * @param change returns the new value, or the same object for no change
   * @throws CharloomError 'storage', or 'incompatible' if a newer Charloom wrote the file
   */
  async change(change: (before: T) => T): Promise<T> {
    const { path, action } = this.#options;
    return this.#changing.run(() =>
      withShortLock(path, action, async () => {
        const before = await this.refresh();
        if (this.#problem !== undefined) throw this.#problem;
        const value = change(before);
        if (value === before) return value;
        await writeAtomically(path, [`${JSON.stringify(value, null, 2)}\n`], action);
        this.#value = value;
        this.#version = await versionOf(path);
        return value;
      }),
    );
  }
}

/** Every write creates a new file with the next free inode number. Empty if there is no file. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return '';
  }
}

/** All of these files still have their first format. */
const upgrades: VersionChain = { steps: [] };

/** A larger file is not one of ours. */
const maxBytes = 1 << 26;

/** Undefined: there is none, or a damaged one was moved aside. */
async function readValue<T>(path: string, schema: z.ZodType<T>): Promise<T | CharloomError | undefined> {
  let content: string;
  try {
    content = await readSmallText(path, maxBytes);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    if (!(error instanceof NoPlainFileError)) throw error;
    content = '';
  }
  try {
    const value: unknown = JSON.parse(content);
    const version = upgradeToCurrent(value, upgrades);
    if (version.kind === 'newer') return newerFileError(version, 'The file', path);
    return schema.parse(value);
  } catch {
    await rename(path, `${path}.damaged`).catch(() => undefined);
    return undefined;
  }
}
