import { z } from 'zod';
import { storedResumeChangesSchema, storedRunSettingsSchema } from '../shared/domain/run-settings.ts';
import { assertNever, type CharloomError } from '../shared/errors.ts';
import { backendChoiceSchema } from '../shared/domain/run.ts';
import { newerFileError, upgradeToCurrent, type Fields, type VersionChain } from '../shared/versioned.ts';

/** What `queue.json` holds. Files of other versions are read as well: settings that they lack have their defaults, and what is not known here stays. */
const common = {
  /** `queued-…`: what a waiting run is called until it has a folder. */
  id: z.string().min(1).max(255),
  created: z.iso.datetime(),
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
};
const startFields = {
  ...common,
  kind: z.literal('start'),
  textPath: z.string(),
  textTitle: z.string(),
  encoding: z.string().nullable(),
  settings: storedRunSettingsSchema,
  initFrom: z.string().nullable(),
};
const resumeFields = {
  ...common,
  kind: z.literal('resume'),
  folder: z.string(),
  textPath: z.string().nullable(),
  changes: storedResumeChangesSchema,
};

/** A run that waits for its turn: a new one, or one to go on with. */
export type QueuedRun = Readonly<Fields<typeof startFields>> | Readonly<Fields<typeof resumeFields>>;
export const storedQueuedRunSchema: z.ZodType<QueuedRun> = z.discriminatedUnion('kind', [
  z.looseObject(startFields),
  z.looseObject(resumeFields),
]);

const fileFields = { formatVersion: z.literal(1), waiting: z.array(storedQueuedRunSchema) };
export type QueueFile = Readonly<Fields<typeof fileFields>>;
const fileSchema: z.ZodType<QueueFile> = z.looseObject(fileFields);

const upgrades: VersionChain = { steps: [] };

/** What a `queue.json` turned out to be. One that a newer Charloom wrote is none of ours to change. */
export type QueueFileRead =
  | { readonly kind: 'read'; readonly file: QueueFile }
  | { readonly kind: 'newer'; readonly problem: CharloomError }
  | { readonly kind: 'damaged' };

/** Reads the text of `queue.json`. */
export function decodeQueueFile(content: string): QueueFileRead {
  const upgraded = upgradeToCurrent(parseJson(content), upgrades);
  switch (upgraded.kind) {
    case 'unversioned':
      return { kind: 'damaged' };
    case 'newer':
      return { kind: 'newer', problem: newerFileError(upgraded, 'The queue of runs', 'queue.json') };
    case 'current': {
      const { data } = fileSchema.safeParse(upgraded.value);
      return data === undefined ? { kind: 'damaged' } : { kind: 'read', file: data };
    }
    default:
      return assertNever(upgraded);
  }
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
