import { rename, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic.ts';
import { NoPlainFileError, readSmallText } from './plain-file.ts';
import { withShortLock } from './short-lock.ts';
import { systemCode } from './storage-error.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';

interface Options<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly initial: T;
  /** What a person would call writing it, following "Could not". */
  readonly action: string;
}

/**
 * A small file of ours that holds one value, and that another Charloom may change as well: each change is made to what is in the file at
 * that moment. A damaged one is moved aside and never fatal.
 */
export class JsonFile<T> {
  readonly #options: Options<T>;
  #value: T;
  /** By which it is known whether the file has changed since it was read. */
  #version = '';
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

  /** What was in the file when it was last read or changed here. */
  get value(): T {
    return this.#value;
  }

  /** Looks whether another Charloom has changed it. */
  async refresh(): Promise<T> {
    const { path, schema, initial } = this.#options;
    // Before reading: what changes meanwhile is read again next time.
    const version = await versionOf(path);
    // Nobody takes everything off by removing the file: where it is gone, what was in it is still known here.
    if (version === this.#version || version === '') return this.#value;
    this.#value = (await read(path, schema)) ?? initial;
    this.#version = version;
    return this.#value;
  }

  /**
   * Changes what is in the file. What cannot be written does not hold.
   * @param change the new value; the same object for none
   */
  async change(change: (before: T) => T): Promise<T> {
    const { path, action } = this.#options;
    return this.#changing.run(() =>
      withShortLock(path, action, async () => {
        const before = await this.refresh();
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

/** Each writing makes another file, with a number of its own among those that are there. Empty where there is none. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return '';
  }
}

/** Beyond it a file is none of ours. */
const maxBytes = 1 << 26;

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let content: string;
  try {
    content = await readSmallText(path, maxBytes);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    if (!(error instanceof NoPlainFileError)) throw error;
    content = '';
  }
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    await rename(path, `${path}.damaged`).catch(() => undefined);
    return undefined;
  }
}
