import { z } from 'zod';
import { firstIssue } from '../../engine/checkpoints/errors.ts';
import { backendChoiceSchema } from '../../shared/domain/run.ts';
import { storedRunSettingsSchema } from '../../shared/domain/run-settings.ts';
import { vocabularyChoices } from '../../shared/domain/symbol-fit.ts';
import { earlyStoppingSchema, maxSweepTasks, sweepSpaceSchema } from '../../shared/domain/sweep-space.ts';
import { CharloomError } from '../../shared/errors.ts';
import { newerFileError, upgradeToCurrent, type Fields, type VersionChain } from '../../shared/versioned.ts';
import { readSmallText } from '../files/plain-file.ts';
import { systemCode, withStorageErrors } from '../files/storage-error.ts';
import { sweepPaths } from './sweep-folder.ts';

const textFields = {
  /** Its name for people, and where it was when the sweep was planned. */
  title: z.string().max(1000),
  path: z.string().max(32_768),
  /** Of the copy in the sweep's folder. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  characters: z.int().nonnegative(),
  /** Number of distinct symbols in it. */
  vocabularySize: z.int().nonnegative(),
  /** Reads it in this encoding; null: guessed from the text. */
  encoding: z.string().max(64).nullable(),
};
const textSchema: z.ZodType<Fields<typeof textFields>> = z.looseObject(textFields);

const recordFields = {
  formatVersion: z.literal(1),
  /** Charloom's version that wrote it. */
  writtenBy: z.string().max(64),
  created: z.iso.datetime(),
  /** Distinguishes its jobs from those of another sweep with the same name. */
  key: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(80),
  space: sweepSpaceSchema,
  earlyStopping: earlyStoppingSchema.nullable(),
  /** What all tasks share. */
  settings: storedRunSettingsSchema,
  text: textSchema,
  /** Whether every task starts from the checkpoint in the sweep's folder. */
  isWarmStarted: z.boolean(),
  /** What becomes of that checkpoint's symbols if the text has others. */
  vocabulary: z.enum(vocabularyChoices).nullable(),
  backend: backendChoiceSchema,
  /** Of each task; 0: as many as it may use, at most eight. */
  threads: z.int().min(0).max(64),
  tasks: z.int().min(1).max(maxSweepTasks),
};
/** `sweep.json`. It is never changed. */
export type SweepRecord = Readonly<Fields<typeof recordFields>>;
/** Keys known only to another version of Charloom are kept. */
const recordSchema: z.ZodType<SweepRecord> = z.looseObject(recordFields);

const upgrades: VersionChain = { steps: [] };
/** Far more than the values of all axes take. */
const maxBytes = 1 << 24;

export function encodeSweepRecord(record: SweepRecord): string {
  return `${JSON.stringify(recordSchema.parse(record), null, 2)}\n`;
}

/**
 * Reads `sweep.json`.
 * @throws CharloomError 'not-found', 'bad-run', 'storage', or 'incompatible' when a newer Charloom wrote it
 */
export async function readSweepRecord(folder: string): Promise<SweepRecord> {
  const path = sweepPaths(folder).record;
  const text = await withStorageErrors('read the sweep', path, () => readSmallText(path, maxBytes)).catch(
    (error: unknown) => {
      const cause = error instanceof Error ? error.cause : undefined;
      if (!['ENOENT', 'ENOTDIR'].includes(systemCode(cause) ?? '')) throw error;
      throw new CharloomError('not-found', `There is no sweep at ${folder}.`, { cause: error });
    },
  );
  const upgraded = upgradeToCurrent(parsed(text), upgrades);
  switch (upgraded.kind) {
    case 'unversioned':
      throw damaged(folder, 'sweep.json is damaged, or not Charloom’s');
    case 'newer':
      throw newerFileError(upgraded, 'The sweep', path);
    case 'current': {
      const record = recordSchema.safeParse(upgraded.value);
      if (record.success) return record.data;
      throw damaged(folder, `sweep.json is not valid (${firstIssue(record.error)})`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(folder: string, reason: string): CharloomError {
  return new CharloomError('bad-run', `The sweep at ${folder} cannot be read: ${reason}.`);
}
