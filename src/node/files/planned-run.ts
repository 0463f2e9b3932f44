import { z } from 'zod';
import { runSettingsSchema } from '../../shared/domain/run-settings.ts';
import { plannedStates } from '../../shared/domain/run-state.ts';
import { backendChoiceSchema } from '../../shared/domain/run.ts';

const path = z.string().min(1).max(32_768);

/** What starts a run besides its settings. */
const runPlanSchema = z.strictObject({
  /** The file it learns from, and what people call it. */
  text: z.strictObject({ path, title: z.string() }),
  /** Reads the text in this encoding; null: guessed from the text. */
  encoding: z.string().max(64).nullable(),
  /** The checkpoint file whose model and parameters it begins with; null for random parameters. */
  initFrom: path.nullable(),
  backend: backendChoiceSchema,
  /** 0: one per core, at most eight. */
  threads: z.int().min(0).max(64),
});
export type RunPlan = Readonly<z.infer<typeof runPlanSchema>>;

/** What `run.json` says of a run that has not started: waiting for its turn, or failed before its first step. */
export const plannedRunSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Charloom's version that wrote it last. */
  writtenBy: z.string().max(64),
  state: z.enum(plannedStates),
  /** Why it could not start; null while it waits. */
  reason: z.string().max(2000).nullable(),
  /** When it was queued. */
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  settings: runSettingsSchema,
  plan: runPlanSchema,
});
export type PlannedRun = Readonly<z.infer<typeof plannedRunSchema>>;
