import { z } from 'zod';
import { storedRunSettingsSchema } from '../../shared/domain/run-settings.ts';
import { plannedStates } from '../../shared/domain/run-state.ts';
import { vocabularyChoices } from '../../shared/domain/symbol-fit.ts';
import { backendChoiceSchema } from '../../shared/domain/run.ts';
import type { Fields } from '../../shared/versioned.ts';

const path = z.string().min(1).max(32_768);

const textFields = { path, title: z.string() };
const textSchema: z.ZodType<Readonly<Fields<typeof textFields>>> = z.looseObject(textFields);

/** What starts a run besides its settings. */
const planFields = {
  /** The file it learns from, and its title. */
  text: textSchema,
  /** Reads the text in this encoding; null: guessed from the text. */
  encoding: z.string().max(64).nullable(),
  /** The checkpoint file whose model and weights it starts from; null for random weights. */
  initFrom: path.nullable(),
  /** What becomes of that checkpoint's symbols if the text has others; null: the run cannot start then. */
  vocabulary: z.enum(vocabularyChoices).nullable().default(null),
  backend: backendChoiceSchema,
  /** 0: one per core, at most eight. */
  threads: z.int().min(0).max(64),
};
export type RunPlan = Readonly<Fields<typeof planFields>>;
const planSchema: z.ZodType<RunPlan> = z.looseObject(planFields);

/** `run.json` of a run that has not started: in the queue, or failed before its first step. */
const plannedFields = {
  formatVersion: z.literal(2),
  /** Charloom's version that wrote it last. */
  writtenBy: z.string().max(64),
  state: z.enum(plannedStates),
  /** Why it could not start; null while it waits. */
  reason: z.string().max(2000).nullable(),
  /** When it was queued. */
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  settings: storedRunSettingsSchema,
  plan: planSchema,
};
export type PlannedRun = Readonly<Fields<typeof plannedFields>>;
/** Keys known only to another version of Charloom are kept. */
export const plannedRunSchema: z.ZodType<PlannedRun> = z.looseObject(plannedFields);
