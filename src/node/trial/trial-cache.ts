import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../files/atomic.ts';
import { makeFolder } from '../files/make-folder.ts';
import { charloomVersion } from '../../shared/version.ts';
import { backendKinds, type BackendReference } from '../../shared/domain/backends.ts';
import type { TrialShape } from './trial.ts';
import { usableCores } from '../threads.ts';

/** Milliseconds a step takes on each backend that was tried. */
export const trialResultSchema = z.partialRecord(z.enum(backendKinds), z.number().positive());
export type TrialResult = Readonly<z.infer<typeof trialResultSchema>>;

const cacheSchema = z.record(z.string(), trialResultSchema);
const maxEntries = 200;

/** Changes whenever the answer could: another model, machine, number of threads, backend or version of Charloom. */
export function trialKey(shape: TrialShape, candidates: readonly BackendReference[]): string {
  const machine = [cpus()[0]?.model ?? '', usableCores()];
  const parts = [charloomVersion, machine, candidates, shape];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** A small file beside the engines; losing it costs a few seconds, so nothing about it is ever an error. */
export class TrialCache {
  readonly #file: string;

  constructor(enginesFolder: string) {
    this.#file = join(enginesFolder, 'trials.json');
  }

  async get(key: string): Promise<TrialResult | undefined> {
    return (await this.#read())[key];
  }

  async set(key: string, result: TrialResult): Promise<void> {
    const others = Object.entries(await this.#read()).filter(([name]) => name !== key);
    const entries = Object.fromEntries([...others.slice(1 - maxEntries), [key, result]]);
    try {
      await makeFolder(dirname(this.#file));
      await writeAtomically(this.#file, [JSON.stringify(entries)], 'remember a trial');
    } catch {
      // It is tried again next time.
    }
  }

  async #read(): Promise<Record<string, TrialResult>> {
    try {
      return cacheSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}
