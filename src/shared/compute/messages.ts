import { z } from 'zod';
import { resumeChangesSchema, runSettingsSchema } from '../domain/run-settings.ts';
import { sampleSettingsSchema } from '../domain/sample-settings.ts';
import { failureSchema } from '../domain/common.ts';
import { comparedTextSchema } from '../domain/copies.ts';
import { cutSchema, readingSchema } from '../domain/text.ts';

/**
 * What a compute process (src/compute) is told and what it tells. One process does one job. Both ends are ours, yet what arrives is checked:
 * the child may be of another version, or out of its mind.
 */
const path = z.string().min(1).max(32_768);
/** Folder of the TensorFlow engine that the process was started for; null for the embedded backend. */
const engine = path.nullable();
const threads = z.int().min(0).max(64);

export const jobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    textPath: path,
    encoding: z.string().max(64).nullable(),
    settings: runSettingsSchema,
    runsFolder: path,
    initFrom: path.nullable(),
    samples: sampleSettingsSchema.nullable(),
    engine,
    threads,
  }),
  z.strictObject({
    kind: z.literal('resume'),
    folder: path,
    textPath: path.nullable(),
    changes: resumeChangesSchema,
    samples: sampleSettingsSchema.nullable(),
    engine,
    threads,
  }),
  z.strictObject({ kind: z.literal('inspect'), textPath: path, reading: readingSchema, cut: cutSchema }),
  z.strictObject({ kind: z.literal('write'), checkpoint: path, title: z.string().max(300) }),
  z.strictObject({
    kind: z.literal('measure'),
    settings: runSettingsSchema,
    vocabularySize: z.int().min(1).max(1_114_112),
    engine,
    threads,
  }),
  z.strictObject({ kind: z.literal('verify'), engine, threads }),
  /** Loads an engine for the first time and trains a small model on it; its item is a ProbeReport. */
  z.strictObject({ kind: z.literal('probe'), engine: path }),
  /** What of a written text stands in the text that a checkpoint's model learned from; its items are those of models.copies. */
  z.strictObject({
    kind: z.literal('copies'),
    checkpoint: path,
    textPath: path,
    sample: comparedTextSchema,
  }),
  /** Whether a checkpoint file is whole. */
  z.strictObject({ kind: z.literal('check'), checkpoint: path }),
]);
export type Job = Readonly<z.infer<typeof jobSchema>>;

export const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('begin'), job: jobSchema }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('continue') }),
  z.strictObject({ kind: z.literal('checkpoint') }),
  /** Measure, keep a checkpoint, end. */
  z.strictObject({ kind: z.literal('stop') }),
  /** Keep a resume point, end. */
  z.strictObject({ kind: z.literal('suspend') }),
  /** For jobs that answer while they are open: a message of the contract's stream (checked by the job). */
  z.strictObject({ kind: z.literal('message'), message: z.unknown() }),
]);
export type Command = Readonly<z.infer<typeof commandSchema>>;

/** Figures of a short trial. */
export const measurementSchema = z.strictObject({
  device: z.string(),
  millisecondsPerStep: z.number().positive(),
  /** For one validation chunk. */
  millisecondsPerEvaluation: z.number().nonnegative(),
  /** That the network holds. */
  memoryBytes: z.int().nonnegative(),
});
export type Measurement = Readonly<z.infer<typeof measurementSchema>>;

export const reportSchema = z.discriminatedUnion('kind', [
  /** The process is there and waits for its job. */
  z.strictObject({ kind: z.literal('ready') }),
  /** A training run has its folder. */
  z.strictObject({ kind: z.literal('started'), folder: path, device: z.string() }),
  z.strictObject({ kind: z.literal('paused'), isPaused: z.boolean() }),
  z.strictObject({ kind: z.literal('notice'), message: z.string() }),
  /** An item of the contract's stream that this job feeds (checked where it is pushed). */
  z.strictObject({ kind: z.literal('item'), item: z.unknown() }),
  z.strictObject({ kind: z.literal('measured'), measurement: measurementSchema }),
  /** The job is done; the process ends. `end` for training runs. */
  z.strictObject({
    kind: z.literal('done'),
    end: z.enum(['finished', 'stopped', 'suspended', 'exploded']).nullable(),
  }),
  z.strictObject({ kind: z.literal('failed'), failure: failureSchema }),
]);
export type Report = Readonly<z.infer<typeof reportSchema>>;

/** How a compute process ends. */
export const computeExitCodes = {
  done: 0,
  badJob: 2,
  backendUnavailable: 3,
  outOfMemory: 4,
  defect: 70,
} as const;
