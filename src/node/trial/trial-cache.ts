import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../files/atomic.ts';
import { makeFolder } from '../files/make-folder.ts';
import { measurementSchema } from '../../shared/compute/messages.ts';
import type { BackendReference } from '../../shared/domain/backends.ts';
import { charloomVersion } from '../../shared/version.ts';
import { wasCalm } from './load.ts';
import type { TrialShape } from './trial.ts';
import { usableCores } from '../threads.ts';

/** How long a model takes on one backend of this machine. */
const rememberedSchema = z.strictObject({
  measurement: measurementSchema,
  /** Share of the processor that other programs used meanwhile, 0..1. */
  othersShare: z.number().min(0).max(1),
  /** When it was measured: milliseconds since 1970. */
  at: z.number(),
});
export type RememberedTrial = Readonly<z.infer<typeof rememberedSchema>>;

const cacheSchema = z.record(z.string(), rememberedSchema);
const maxEntries = 500;

const minute = 60_000;
/** Cards are exchanged and systems updated without a change of the key: no answer is valid for ever. */
const calmStands = 30 * 24 * 60 * minute;
/** Long enough for a forecast and the start that follows it. */
const disturbedStands = 10 * minute;

/**
 * Changes whenever the answer could: another model, machine, number of threads, backend (its card and driver too) or version of Charloom.
 * @param driver of a card that the reference does not name; null where there is none
 */
export function trialKey(shape: TrialShape, backend: BackendReference, driver: string | null): string {
  const machine = [cpus()[0]?.model ?? '', usableCores()];
  const parts = [charloomVersion, machine, backend, driver, shape];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Whether a measurement need not be repeated: one made while other programs were busy expires soon. */
export function stillStands({ othersShare, at }: RememberedTrial, now: number): boolean {
  const age = now - at;
  return age >= 0 && age < (wasCalm(othersShare) ? calmStands : disturbedStands);
}

/** A small file beside the engines; losing it costs a few seconds, so nothing about it is ever an error. */
export class TrialCache {
  readonly #file: string;

  constructor(enginesFolder: string) {
    this.#file = join(enginesFolder, 'trials.json');
  }

  /** The entries that are still valid. */
  async get(key: string, now = Date.now()): Promise<RememberedTrial | undefined> {
    const known = (await this.#read())[key];
    return known !== undefined && stillStands(known, now) ? known : undefined;
  }

  async set(key: string, trial: RememberedTrial): Promise<void> {
    const others = Object.entries(await this.#read()).filter(([name]) => name !== key);
    const entries = Object.fromEntries([...others.slice(1 - maxEntries), [key, trial]]);
    try {
      await makeFolder(dirname(this.#file));
      await writeAtomically(this.#file, [JSON.stringify(entries)], 'remember a trial');
    } catch {
      // It is tried again next time.
    }
  }

  async #read(): Promise<Record<string, RememberedTrial>> {
    try {
      return cacheSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}
