import { z } from 'zod';
import { backendChoices, backendKinds } from './backends.ts';
import { knownOriginSchema } from './model-origin.ts';
import { modelSpecSchema } from './model-spec.ts';
import {
  listedCheckpointSchema,
  evaluationEventSchema,
  explosionEventSchema,
  logEventSchema,
  rollbackEventSchema,
  stateEventSchema,
} from './run-event.ts';
import { runSettingsSchema } from './run-settings.ts';
import { runStates } from './run-state.ts';
import { vocabularyChoices } from './symbol-fit.ts';
import { vocabularyUseSchema } from './vocabulary-use.ts';
import { stepColumnsSchema } from './step-columns.ts';
import { count, fraction, measure, moment, nameSchema } from './common.ts';

export const runStateSchema = z.enum(runStates);

export const verdictSchema = z.strictObject({
  kind: z.enum([
    ...(['too-early', 'learning', 'plateau', 'overfitting', 'exploding', 'done'] as const),
    'stopped',
    'complete',
    'ended-early',
  ]),
  /** One or two sentences. */
  sentence: z.string(),
  /** Settings of a new run that would help, and the label of the button; null if there is nothing to improve. */
  remedy: z
    .strictObject({
      label: z.string(),
      settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      /** True: start from the best checkpoint's weights. */
      fromBest: z.boolean(),
    })
    .nullable(),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** A word or two for finding runs. */
export const tagSchema = z.string().trim().min(1).max(40);
/** Maximum number of tags of one run. */
export const maxTags = 20;

export const bestSchema = z.strictObject({
  file: nameSchema,
  validationLoss: z.number(),
  epoch: z.number(),
  iteration: count,
});

/** A run as lists show it. */
export const runSchema = z.strictObject({
  /** Name of its folder, which exists from the moment it is queued. */
  id: nameSchema,
  name: z.string(),
  note: z.string(),
  tags: z.array(z.string()).readonly(),
  state: runStateSchema,
  /** In sentences: why a run exploded, failed, was interrupted, is damaged, finished before its last iteration, was stopped early by its sweep, or waits for disk space. */
  reason: z.string().nullable(),
  created: moment,
  updated: moment,
  /** Folder, for people. */
  path: z.string(),
  text: z.strictObject({ title: z.string(), path: z.string(), characters: count, sha256: z.string() }),
  /** Null for a damaged run. */
  settings: runSettingsSchema.nullable(),
  /** Null for a damaged run and for one that has not started. */
  spec: modelSpecSchema.nullable(),
  parameters: count,
  iteration: count,
  iterations: count,
  iterationsPerEpoch: count,
  best: bestSchema.nullable(),
  lastValidationLoss: measure,
  checkpoints: count,
  /** On disk, checkpoints included. */
  bytes: count,
  device: z.string().nullable(),
  /** The backend; null for a run that has not started, and for a backend that this version does not know. */
  backend: z.enum(backendKinds).nullable(),
  /** Validation losses in order, thinned to at most 60. */
  sparkline: z.array(z.number()).readonly(),
  initializedFrom: z.string().nullable(),
  /** Where its model was imported from; null for a run that was trained here. */
  origin: knownOriginSchema.nullable(),
  /** What became of the symbols, if those of the starting checkpoint differ from the text's. */
  vocabulary: vocabularyUseSchema.nullable(),
});
export type Run = Readonly<z.infer<typeof runSchema>>;

export const backendChoiceSchema = z.enum(backendChoices);

/** A checkpoint that weights are taken from: a run's, or an imported file. */
export const modelReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), run: nameSchema, file: nameSchema.nullable() }),
  z.strictObject({ kind: z.literal('imported'), file: nameSchema }),
]);
/** `file` null: the run's best checkpoint. */
export type ModelReference = Readonly<z.infer<typeof modelReferenceSchema>>;

/** A run to be started; several are queued one after another. */
export const runRequestSchema = z.strictObject({
  /** Id of a text. */
  text: nameSchema,
  encoding: z.string().max(64).nullable(),
  settings: runSettingsSchema,
  backend: backendChoiceSchema,
  /** 0: one per core, at most eight. */
  threads: z.int().min(0).max(64),
  initializeFrom: modelReferenceSchema.nullable(),
  /** What becomes of that model's symbols if the text has others; required in that case. */
  vocabulary: z.enum(vocabularyChoices).optional(),
});
export type RunRequest = Readonly<z.infer<typeof runRequestSchema>>;

/** How a run's text is split, and its baselines; null until they are measured. */
export const runDetailSchema = z.strictObject({
  run: runSchema,
  text: nameSchema.nullable(),
  baselines: z
    .strictObject({
      uniform: measure,
      unigram: measure,
      bigram: measure,
      trigram: measure,
      isEstimate: z.boolean(),
    })
    .nullable(),
  verdict: verdictSchema,
  /** Last lines of the log. */
  log: z.array(z.string()).readonly(),
});
export type RunDetail = Readonly<z.infer<typeof runDetailSchema>>;

export const sampleSchema = z.strictObject({
  iteration: count,
  epoch: z.number(),
  validationLoss: measure,
  temperature: z.number(),
  seed: count,
  primeText: z.string(),
  text: z.string(),
});
export type Sample = Readonly<z.infer<typeof sampleSchema>>;

const stepsItemSchema = z.strictObject({ kind: z.literal('steps'), steps: stepColumnsSchema });
const sampleItemSchema = z.strictObject({ kind: z.literal('sample'), sample: sampleSchema });
/** Share of the text that has been read, or of the validation split that has been measured. */
const busyItemSchema = z.strictObject({
  kind: z.literal('busy'),
  doing: z.enum(['reading', 'evaluating']),
  fraction,
});

/** What a process reports about the run that it trains: events, steps in columns, and its current activity. */
export const trainingItemSchema = z.discriminatedUnion('kind', [
  stepsItemSchema,
  evaluationEventSchema,
  listedCheckpointSchema,
  explosionEventSchema,
  rollbackEventSchema,
  stateEventSchema,
  sampleItemSchema,
  busyItemSchema,
]);
export type TrainingItem = Readonly<z.infer<typeof trainingItemSchema>>;

/** Events of a run while a page watches it; its history comes first, as the same kinds of items. */
export const watchItemSchema = z.discriminatedUnion('kind', [
  /** The history starts: it replaces everything received before. */
  z.strictObject({ kind: z.literal('begin') }),
  z.strictObject({ kind: z.literal('state'), run: runSchema }),
  stepsItemSchema,
  evaluationEventSchema,
  listedCheckpointSchema,
  sampleItemSchema,
  explosionEventSchema,
  rollbackEventSchema,
  busyItemSchema,
  z.strictObject({ kind: z.literal('verdict'), verdict: verdictSchema }),
  logEventSchema,
  /** The history is complete; everything from here is live. */
  z.strictObject({ kind: z.literal('live') }),
]);
export type WatchItem = Readonly<z.infer<typeof watchItemSchema>>;

/** A trial on this machine and its estimate for a whole run. */
export const forecastSchema = z.strictObject({
  backend: z.enum(backendKinds),
  device: z.string(),
  /** The reason for this backend, as a sentence. */
  reason: z.string(),
  millisecondsPerStep: z.number(),
  charactersPerSecond: z.number(),
  /** Training and evaluating, in milliseconds. */
  duration: z.number(),
  memoryBytes: count,
  checkpoints: count,
  checkpointBytes: count,
  diskBytes: count,
  freeDiskBytes: count.nullable(),
});
export type Forecast = Readonly<z.infer<typeof forecastSchema>>;

/** How long a run would take on one of the available backends. */
export const backendSpeedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('measured'),
    backend: z.enum(backendKinds),
    /** In a sentence: "on ...". */
    name: z.string(),
    millisecondsPerStep: z.number(),
    /** Training and evaluating, in milliseconds. */
    duration: z.number(),
  }),
  z.strictObject({
    kind: z.literal('failed'),
    backend: z.enum(backendKinds),
    name: z.string(),
    /** Why it could not be tried. */
    problem: z.string(),
  }),
]);
export type BackendSpeed = Readonly<z.infer<typeof backendSpeedSchema>>;

export const forecastItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction, doing: z.string() }),
  z.strictObject({ kind: z.literal('forecast'), forecast: forecastSchema }),
  /** The backends that have been tried so far, including the one that would be chosen. */
  z.strictObject({ kind: z.literal('speeds'), speeds: z.array(backendSpeedSchema).readonly() }),
]);
