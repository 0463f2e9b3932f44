import { join } from 'node:path';
import { z } from 'zod';
import { nameSchema } from '../../shared/domain/common.ts';
import { sweepChangesSchema } from '../../shared/domain/sweep-space.ts';
import type { Fields } from '../../shared/versioned.ts';
import { writeAtomically } from '../files/atomic.ts';
import { readSmallText } from '../files/plain-file.ts';

const markFields = {
  formatVersion: z.literal(1),
  /** Name of the sweep's folder, beside the run's. */
  sweep: nameSchema,
  /** Its name for people. */
  name: z.string().max(80),
  key: z.string().max(8),
  index: z.int().positive(),
  changes: sweepChangesSchema,
};
/** `sweep.json` in a run's folder: which task of which sweep the run is. */
export type RunMark = Readonly<Fields<typeof markFields>>;
const markSchema: z.ZodType<RunMark> = z.looseObject(markFields);

const maxBytes = 1 << 20;

function markPath(runFolder: string): string {
  return join(runFolder, 'sweep.json');
}

/** The task that a run is; undefined for a run outside any sweep. */
export async function readRunMark(runFolder: string): Promise<RunMark | undefined> {
  try {
    return markSchema.parse(JSON.parse(await readSmallText(markPath(runFolder), maxBytes)));
  } catch {
    return undefined;
  }
}

export async function writeRunMark(runFolder: string, mark: RunMark): Promise<void> {
  await writeAtomically(markPath(runFolder), [`${JSON.stringify(mark, null, 2)}\n`], 'mark the run');
}
