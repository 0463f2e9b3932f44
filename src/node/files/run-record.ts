import { z } from 'zod';
import { textFingerprintSchema } from '../../engine/checkpoints/content.ts';
import { firstIssue } from '../../engine/checkpoints/errors.ts';
import { modelOriginSchema } from '../../shared/domain/model-origin.ts';
import { storedModelSpecSchema } from '../../shared/domain/model-spec.ts';
import { storedRunSettingsSchema } from '../../shared/domain/run-settings.ts';
import { recordedStates } from '../../shared/domain/run-state.ts';
import { vocabularyUseFields, type VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import { CharloomError } from '../../shared/errors.ts';
import { newerFileError, upgradeToCurrent, type Fields, type VersionChain } from '../../shared/versioned.ts';
import { plannedRunSchema, type PlannedRun } from './planned-run.ts';

const textFields = {
  /** Where the text was last read; it may have moved since. Empty for an imported model, where it is unknown. */
  path: z.string().max(32_768),
  fingerprint: textFingerprintSchema,
};
const textSchema: z.ZodType<Fields<typeof textFields>> = z.looseObject(textFields);

const backendFields = {
  name: z.string().max(32),
  device: z.string().max(200),
  threads: z.int().positive(),
  variant: z.string().max(120),
};
const backendSchema: z.ZodType<Fields<typeof backendFields>> = z.looseObject(backendFields);

const vocabularyUse: z.ZodType<VocabularyUse> = z.looseObject(vocabularyUseFields);

const rateChangeFields = {
  iteration: z.int().nonnegative(),
  recoveries: z.int().nonnegative(),
  learningRate: z.number().positive(),
};
const rateChangeSchema: z.ZodType<Fields<typeof rateChangeFields>> = z.looseObject(rateChangeFields);

/** `run.json` of a started run: everything that is not a number over time. */
const recordFields = {
  formatVersion: z.literal(2),
  /** Charloom's version that wrote it last. */
  writtenBy: z.string().max(64),
  state: z.enum(recordedStates),
  /** In sentences, for exploded and failed runs, one that waits for disk space or ended unsaved for lack of it, and one that its sweep stopped early. */
  reason: z.string().max(2000).nullable(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  settings: storedRunSettingsSchema,
  spec: storedModelSpecSchema,
  text: textSchema,
  /** Name of the checkpoint file that the run started from; null for random weights. */
  initializedFrom: z.string().max(255).nullable(),
  /** What became of the symbols, if those of the starting checkpoint differ from the text's. */
  vocabulary: vocabularyUse.nullable().default(null),
  /** Iterations done when this was written; metrics.jsonl is more exact. */
  iteration: z.int().nonnegative(),
  /** Iterations that the settings ask for. */
  iterations: z.int().positive(),
  iterationsPerEpoch: z.int().positive(),
  /** The last change of the learning rate: the iteration from which it applies, and the new value. */
  rateChange: rateChangeSchema.nullable().default(null),
  /** The backend that last did the arithmetic. */
  backend: backendSchema,
  /** Where its model was imported from; missing for a run that was trained here. */
  origin: modelOriginSchema.optional(),
};
export type RunRecord = Readonly<Fields<typeof recordFields>>;

/** Also reads records of other versions: missing settings get their defaults, and unknown keys are kept. */
export const runRecordSchema: z.ZodType<RunRecord> = z.looseObject(recordFields);

/** `run.json` as it is found: a run that has started, or one that has not. */
export type StoredRun = RunRecord | PlannedRun;

/** Whether a run has not started and consists only of its plan. */
export function isPlanned(run: StoredRun): run is PlannedRun {
  return 'plan' in run;
}

/** Version 2 has settings that version 1 lacks; their defaults give version 1's behaviour. */
const upgrades: VersionChain = { steps: [(old) => old] };

/** The text of `run.json`. */
export function encodeRunRecord(record: StoredRun): string {
  const stored = isPlanned(record) ? plannedRunSchema.parse(record) : runRecordSchema.parse(record);
  return `${JSON.stringify(stored, null, 2)}\n`;
}

/** Reads the text of `run.json`. Throws CharloomError 'bad-run', or 'incompatible' for a newer Charloom's, with a reason that names no path. */
export function decodeRunRecord(text: string): StoredRun {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badRecord('run.json is damaged');
  }
  const upgraded = upgradeToCurrent(parsed, upgrades);
  switch (upgraded.kind) {
    case 'unversioned':
      throw badRecord('run.json is damaged, or not Charloom’s');
    case 'newer':
      throw newerFileError(upgraded, 'The run', 'run.json');
    case 'current': {
      const { value } = upgraded;
      const record = hasPlan(value) ? plannedRunSchema.safeParse(value) : runRecordSchema.safeParse(value);
      if (!record.success) throw badRecord(`run.json is not valid (${firstIssue(record.error)})`);
      return record.data;
    }
  }
}

function hasPlan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'plan' in value;
}

function badRecord(reason: string): CharloomError {
  return new CharloomError('bad-run', `The run cannot be read: ${reason}.`);
}
