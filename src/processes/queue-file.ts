import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../node/files/storage-error.ts';
import { storedResumeChangesSchema, storedRunSettingsSchema } from '../shared/domain/run-settings.ts';
import { assertNever, type CharloomError } from '../shared/errors.ts';
import { nameSchema } from '../shared/domain/common.ts';
import { backendChoiceSchema } from '../shared/domain/run.ts';
import { newerFileError, upgradeToCurrent, type Fields } from '../shared/versioned.ts';

const resumeFields = {
  /** Where the text is now; null: not moved. */
  textPath: z.string().nullable(),
  changes: storedResumeChangesSchema,
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
};
/** How a started run is to be resumed. */
export type ResumeRequest = Readonly<Fields<typeof resumeFields>>;
const resumeSchema: z.ZodType<ResumeRequest> = z.looseObject(resumeFields);

const queuedFields = {
  /** Name of its folder: no path that leads out of the runs folder. */
  id: nameSchema,
  /** Null for a run that has not started: its own run.json holds the plan. */
  resume: resumeSchema.nullable(),
};
/** A run that waits for its turn. */
export type QueuedRun = Readonly<Fields<typeof queuedFields>>;
const queuedRunSchema: z.ZodType<QueuedRun> = z.looseObject(queuedFields);

const fileFields = {
  formatVersion: z.literal(2),
  /** By runs folder, since the command line can name another one: what waits in each, the next first. */
  order: z.record(z.string(), z.array(queuedRunSchema).readonly()).readonly(),
};
export type QueueFile = Readonly<Fields<typeof fileFields>>;
/** Keys known only to another version of Charloom are kept. */
const fileSchema: z.ZodType<QueueFile> = z.looseObject(fileFields);

export const emptyQueueFile: QueueFile = { formatVersion: 2, order: {} };

const describedCommon = {
  /** `queued-...`: what a run was called until it had a folder. */
  id: z.string().min(1).max(255),
  created: z.iso.datetime(),
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
};
/** Format 1 described every run in full: runs got their folders when they started. */
const startFields = {
  ...describedCommon,
  kind: z.literal('start'),
  textPath: z.string(),
  textTitle: z.string(),
  encoding: z.string().nullable(),
  settings: storedRunSettingsSchema,
  initFrom: z.string().nullable(),
};
const earlierResumeFields = {
  ...describedCommon,
  kind: z.literal('resume'),
  folder: z.string(),
  textPath: z.string().nullable(),
  changes: storedResumeChangesSchema,
};
export type DescribedRun =
  Readonly<Fields<typeof startFields>> | Readonly<Fields<typeof earlierResumeFields>>;
const describedRunSchema: z.ZodType<DescribedRun> = z.discriminatedUnion('kind', [
  z.looseObject(startFields),
  z.looseObject(earlierResumeFields),
]);

const earlierFileSchema = z.looseObject({
  formatVersion: z.literal(1),
  waiting: z.array(describedRunSchema),
});

/** The result of reading `queue.json`. One that a newer Charloom wrote must not be changed. */
export type QueueFileRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer'; readonly problem: CharloomError }
  | { readonly kind: 'current'; readonly file: QueueFile }
  | { readonly kind: 'described'; readonly runs: readonly DescribedRun[] };

/** Reads `queue.json`. */
export async function readQueueFile(path: string): Promise<QueueFileRead> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined) return { kind: 'none' };
  const value = parseJson(content);
  const earlier = earlierFileSchema.safeParse(value);
  if (earlier.success) return { kind: 'described', runs: earlier.data.waiting };
  // Format 1 becomes format 2 by creating folders (reserve-described.ts), not by a change of the data alone.
  const upgraded = upgradeToCurrent(value, { steps: [(old) => old] });
  switch (upgraded.kind) {
    case 'unversioned':
      return { kind: 'damaged' };
    case 'newer':
      return { kind: 'newer', problem: newerFileError(upgraded, 'The queue of runs', 'queue.json') };
    case 'current': {
      const { data } = fileSchema.safeParse(upgraded.value);
      return data === undefined ? { kind: 'damaged' } : { kind: 'current', file: data };
    }
    default:
      return assertNever(upgraded);
  }
}

/** The text of `queue.json`. */
export function encodeQueueFile({ order, ...rest }: QueueFile): string {
  const used = Object.fromEntries(Object.entries(order).filter(([, runs]) => runs.length > 0));
  return `${JSON.stringify({ ...rest, order: used }, null, 2)}\n`;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
