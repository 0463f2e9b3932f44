import { rename } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic.ts';
import { NoPlainFileError, readSmallText } from './plain-file.ts';
import { systemCode } from './storage-error.ts';
import { CharloomError } from '../../shared/errors.ts';
import { newerFileError, upgradeToCurrent, type VersionChain } from '../../shared/versioned.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';

/**
 * A small file of ours that holds one value. A damaged one is moved aside and never fatal; one that a newer Charloom wrote stays as it is: here
 * it has its initial value and takes no other. Changes are written one after another.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #action: string;
  #value: T;
  /** What is in the file; behind the value while it is being written. */
  #kept: T;
  readonly #writing = new SerialQueue();
  /** Why the file cannot be read and must not be written: a newer Charloom wrote it. */
  readonly problem: CharloomError | undefined;

  private constructor(path: string, action: string, value: T, problem?: CharloomError) {
    this.#path = path;
    this.#action = action;
    this.#value = value;
    this.#kept = value;
    this.problem = problem;
  }

  /** @param action what a person would call writing it, following "Could not" */
  static async open<T>(path: string, schema: z.ZodType<T>, initial: T, action: string): Promise<JsonFile<T>> {
    const read = await readValue(path, schema);
    if (read instanceof CharloomError) return new JsonFile(path, action, initial, read);
    return new JsonFile(path, action, read ?? initial);
  }

  get value(): T {
    return this.#value;
  }

  /**
   * What cannot be written does not hold.
   * @throws CharloomError 'storage', or 'incompatible' when a newer Charloom wrote the file
   */
  async set(value: T): Promise<void> {
    if (this.problem !== undefined) throw this.problem;
    this.#value = value;
    try {
      await this.#writing.run(() =>
        writeAtomically(this.#path, [`${JSON.stringify(value, null, 2)}\n`], this.#action),
      );
      this.#kept = value;
    } catch (error) {
      if (this.#value === value) this.#value = this.#kept;
      throw error;
    }
  }
}

/** All of these files have their first format still. */
const upgrades: VersionChain = { steps: [] };

/** Beyond it a file is none of ours. */
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
