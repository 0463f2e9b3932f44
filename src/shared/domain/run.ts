import { z } from 'zod';
import { modelSpecSchema } from './model-spec.ts';
import { runSettingsSchema } from './run-settings.ts';
import { count, fraction, measure, moment, nameSchema } from './common.ts';

/**
 * waiting: in the queue. starting: its process reads the text. running, pausing, paused, stopping: a process is at work on it.
 * interrupted: a process was at work and is gone (crash, power cut): it can be resumed. The others end a run, or half-end it.
 */
export const runStates = [
  'waiting',
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
  'interrupted',
  'stopped',
  'finished',
  'exploded',
  'failed',
  'damaged',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

const restStates: ReadonlySet<RunState> = new Set([
  'interrupted',
  'stopped',
  'finished',
  'exploded',
  'failed',
  'damaged',
]);

/** Whether a process works on a run, or will: it can neither be resumed nor removed. */
export function isBusy(state: RunState): boolean {
  return !restStates.has(state);
}

/** Whether a process works on a run now. */
export function isActive(state: RunState): boolean {
  return state !== 'waiting' && isBusy(state);
}

export const verdictSchema = z.strictObject({
  kind: z.enum(['too-early', 'learning', 'plateau', 'overfitting', 'underfitting', 'exploding', 'done']),
  /** One or two sentences for a person. */
  sentence: z.string(),
  /** Settings of a new run that would cure it, and what the button says; null when there is nothing to cure. */
  remedy: z
    .strictObject({
      label: z.string(),
      settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      /** True: begin with the best checkpoint's parameters. */
      fromBest: z.boolean(),
    })
    .nullable(),
});
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

export const bestSchema = z.strictObject({
  file: nameSchema,
  validationLoss: z.number(),
  epoch: z.number(),
  iteration: count,
});

/** A run as lists show it. */
export const runSchema = z.strictObject({
  /** Name of its folder; for a run that waits in the queue, its place there (`queued-…`). */
  id: nameSchema,
  name: z.string(),
  note: z.string(),
  state: runStateSchema,
  /** One sentence for exploded, failed, interrupted and damaged runs. */
  reason: z.string().nullable(),
  created: moment,
  updated: moment,
  /** Folder, for people. */
  path: z.string(),
  text: z.strictObject({ title: z.string(), path: z.string(), characters: count, sha256: z.string() }),
  /** Null for a damaged run. */
  settings: runSettingsSchema.nullable(),
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
  /** Validation losses in order, thinned to at most 60. */
  sparkline: z.array(z.number()).readonly(),
  initializedFrom: z.string().nullable(),
});
export type Run = Readonly<z.infer<typeof runSchema>>;

export const backendChoiceSchema = z.enum(['auto', 'wasm', 'tensorflow']);
export type BackendChoice = z.infer<typeof backendChoiceSchema>;

/** A checkpoint that parameters are taken from: a run's, or an imported file. */
export const modelReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), run: nameSchema, file: nameSchema.nullable() }),
  z.strictObject({ kind: z.literal('imported'), file: nameSchema }),
]);
/** `file` null: the run's best checkpoint. */
export type ModelReference = Readonly<z.infer<typeof modelReferenceSchema>>;

/** A run to be started; several go into the queue one after another. */
export const runRequestSchema = z.strictObject({
  /** Id of a text. */
  text: nameSchema,
  encoding: z.string().max(64).nullable(),
  settings: runSettingsSchema,
  backend: backendChoiceSchema,
  /** 0: one per core, at most eight. */
  threads: z.int().min(0).max(64),
  initializeFrom: modelReferenceSchema.nullable(),
});
export type RunRequest = Readonly<z.infer<typeof runRequestSchema>>;

/** Where a run's text is split, and what counting alone would score there; null while nobody has measured it. */
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

/** Steps as columns, all of one length. */
export const stepColumnsSchema = z.strictObject({
  iteration: z.array(count).readonly(),
  epoch: z.array(z.number()).readonly(),
  loss: z.array(measure).readonly(),
  learningRate: z.array(z.number()).readonly(),
  gradientNorm: z.array(measure).readonly(),
  /** Milliseconds a step took. */
  milliseconds: z.array(z.number()).readonly(),
});
export type StepColumns = Readonly<z.infer<typeof stepColumnsSchema>>;

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

/** What happens to a run while somebody watches it; history first, as the same kinds of items. */
export const watchItemSchema = z.discriminatedUnion('kind', [
  /** The history begins: whatever was heard before is told again. */
  z.strictObject({ kind: z.literal('begin') }),
  /** A run that waited has its folder, and is called by its name from now on; the stream goes on with it. */
  z.strictObject({ kind: z.literal('renamed'), run: nameSchema }),
  z.strictObject({ kind: z.literal('state'), run: runSchema }),
  z.strictObject({ kind: z.literal('steps'), steps: stepColumnsSchema }),
  z.strictObject({
    kind: z.literal('evaluation'),
    iteration: count,
    epoch: z.number(),
    validationLoss: measure,
    /** Means over consecutive parts of the validation split, where they are known: how far the loss may be off by chance. */
    parts: z.array(z.number()).max(1000).readonly().optional(),
  }),
  z.strictObject({
    kind: z.literal('checkpoint'),
    file: nameSchema,
    iteration: count,
    epoch: z.number(),
    validationLoss: measure,
    best: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('sample'), sample: sampleSchema }),
  z.strictObject({
    kind: z.literal('explosion'),
    iteration: count,
    loss: measure,
    action: z.enum(['stop', 'recover']),
  }),
  /** The run went back to this iteration: what came later is void. */
  z.strictObject({ kind: z.literal('rollback'), iteration: count }),
  /** Share of the text read, or of the validation split measured. */
  z.strictObject({ kind: z.literal('busy'), doing: z.enum(['reading', 'evaluating']), fraction }),
  z.strictObject({ kind: z.literal('verdict'), verdict: verdictSchema }),
  z.strictObject({ kind: z.literal('log'), line: z.string() }),
  /** All of the history has been told; from here on it is live. */
  z.strictObject({ kind: z.literal('live') }),
]);
export type WatchItem = Readonly<z.infer<typeof watchItemSchema>>;

/** A trial on this machine and what it says about a whole run. */
export const forecastSchema = z.strictObject({
  backend: z.enum(['wasm', 'tensorflow']),
  device: z.string(),
  /** Why this backend, in words. */
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

export const forecastItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), fraction, doing: z.string() }),
  z.strictObject({ kind: z.literal('forecast'), forecast: forecastSchema }),
]);
