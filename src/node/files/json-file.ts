import { rename } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic.ts';
import { NoPlainFileError, readSmallText } from './plain-file.ts';
import { systemCode } from './storage-error.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';

/** A small file of ours that holds one value. A damaged one is moved aside and never fatal; changes are written one after another. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #action: string;
  #value: T;
  /** What is in the file; behind the value while it is being written. */
  #kept: T;
  readonly #writing = new SerialQueue();

  private constructor(path: string, action: string, value: T) {
    this.#path = path;
    this.#action = action;
    this.#value = value;
    this.#kept = value;
  }

  /** @param action what a person would call writing it, following "Could not" */
  static async open<T>(path: string, schema: z.ZodType<T>, initial: T, action: string): Promise<JsonFile<T>> {
    return new JsonFile(path, action, (await read(path, schema)) ?? initial);
  }

  get value(): T {
    return this.#value;
  }

  /** What cannot be written does not hold. */
  async set(value: T): Promise<void> {
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
