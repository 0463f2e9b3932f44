import { z } from 'zod';
import { backendReferenceSchema } from '../domain/backends.ts';
import { trainingEnds } from '../domain/run-end.ts';
import { resumeChangesSchema, runSettingsSchema } from '../domain/run-settings.ts';
import { sampleSettingsSchema } from '../domain/sample-settings.ts';
import { failureSchema, nameSchema } from '../domain/common.ts';
import { writtenWithSchema } from '../domain/colophon.ts';
import { comparedTextSchema } from '../domain/copies.ts';
import { writtenTextSchema } from '../domain/inspection.ts';
import { exportChoiceSchema } from '../domain/exchange.ts';
import { trainingItemSchema } from '../domain/run.ts';
import { vocabularyChoices } from '../domain/symbol-fit.ts';
import { cleaningStepSchema } from '../domain/cleaning.ts';
import { composedPartSchema, readChoicesSchema } from '../domain/documents.ts';
import { cutSchema, readingSchema } from '../domain/text.ts';

/**
 * The messages of compute processes (src/compute). One process does one job. Both ends are ours, but messages are still checked: the child may be
 * another version, or a message may be malformed.
 */
const path = z.string().min(1).max(32_768);
/** What the process was started for. */
const backend = backendReferenceSchema;
const threads = z.int().min(0).max(64);
/** The training text, another text, or what was just written. */
const textToInspectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('learned'), path }),
  z.strictObject({ kind: z.literal('file'), path }),
  writtenTextSchema,
]);

/** The task of a sweep that a run is. */
const sweepTaskReferenceSchema = z.strictObject({
  /** The sweep's folder. */
  sweep: path,
  /** The sweep's key, because another sweep may have taken its name since. */
  key: z.string().max(8),
  index: z.int().positive(),
});
export type SweepTaskReference = Readonly<z.infer<typeof sweepTaskReferenceSchema>>;

export const jobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    textPath: path,
    encoding: z.string().max(64).nullable(),
    settings: runSettingsSchema,
    /** Reserved for this run. */
    folder: path,
    initFrom: path.nullable(),
    vocabulary: z.enum(vocabularyChoices).nullable(),
    task: sweepTaskReferenceSchema.nullable(),
    samples: sampleSettingsSchema.nullable(),
    backend,
    threads,
  }),
  z.strictObject({
    kind: z.literal('resume'),
    folder: path,
    textPath: path.nullable(),
    changes: resumeChangesSchema,
    task: sweepTaskReferenceSchema.nullable(),
    samples: sampleSettingsSchema.nullable(),
    backend,
    threads,
  }),
  z.strictObject({ kind: z.literal('inspect'), textPath: path, reading: readingSchema, cut: cutSchema }),
  z.strictObject({ kind: z.literal('write'), checkpoint: path, title: z.string().max(300) }),
  /** Reads a text with a model and answers questions about its units: all of models.inspect. */
  z.strictObject({
    kind: z.literal('look-inside'),
    checkpoint: path,
    title: z.string().max(300),
    text: textToInspectSchema,
    /** For display. */
    textTitle: z.string().max(1000),
    /** Checkpoint files that the run kept, earliest first: they show how a unit developed. */
    kept: z.array(path).max(10_000).readonly(),
  }),
  z.strictObject({
    kind: z.literal('measure'),
    settings: runSettingsSchema,
    vocabularySize: z.int().min(1).max(1_114_112),
    backend,
    threads,
  }),
  z.strictObject({ kind: z.literal('verify'), backend, threads }),
  /** Loads a TensorFlow engine that is being installed and trains a small model on it; its item is a ProbeReport. */
  z.strictObject({ kind: z.literal('probe'), engine: path }),
  /** Opens the card that a WebGPU engine finds, and trains a small model on it if that is wanted; its item is a CardReport. */
  z.strictObject({ kind: z.literal('card'), engine: path, train: z.boolean() }),
  /** Trains a small model on a backend and on the embedded one; its item is a TrialReport. */
  z.strictObject({ kind: z.literal('try'), backend, threads }),
  /** Finds passages of a written text in the training text of a checkpoint's model; its items are those of models.copies. */
  z.strictObject({
    kind: z.literal('copies'),
    checkpoint: path,
    textPath: path,
    sample: comparedTextSchema,
  }),
  /** What is needed to write a text again; its items are those of models.colophon. */
  z.strictObject({ kind: z.literal('colophon'), checkpoint: path, written: writtenWithSchema }),
  /** Writes a model for another program to `output`; its items are those of models.export. */
  z.strictObject({
    kind: z.literal('export'),
    checkpoint: path,
    choice: exportChoiceSchema,
    output: path,
    ticket: nameSchema,
    /** The text that the model learned from, for a page that writes; null if it is not available. */
    textPath: path.nullable(),
  }),
  /** Reads a model of another program and keeps it as a run in a folder of runs; its item is importReportSchema. */
  z.strictObject({ kind: z.literal('import-model'), path, runsFolder: path }),
  /** Whether a checkpoint file is intact. */
  z.strictObject({ kind: z.literal('check'), checkpoint: path }),
  /** Reads the text of one file from anywhere and writes it to `output`; its items are readDocumentItemSchema. */
  z.strictObject({
    kind: z.literal('read-document'),
    path,
    /** For sentences. */
    name: z.string().min(1).max(1000),
    choices: readChoicesSchema,
    output: path,
  }),
  /** Cleans texts, joins them and writes them to `output`; its item is composedTextSchema. */
  z.strictObject({
    kind: z.literal('compose-text'),
    parts: z.array(composedPartSchema).min(1).max(100_000).readonly(),
    /** A separate line between two texts; empty: a blank line. */
    separator: z.string().max(1000),
    output: path,
  }),
  /** Counts the symbols of a text; its items are countTextItemSchema. */
  z.strictObject({ kind: z.literal('count-text'), textPath: path, reading: readingSchema }),
  /** What cleaning steps would find in a text; its items are stepFindingSchema. */
  z.strictObject({
    kind: z.literal('find-changes'),
    textPath: path,
    encoding: z.string().max(64).nullable(),
    steps: z.array(cleaningStepSchema).readonly(),
  }),
]);
export type Job = Readonly<z.infer<typeof jobSchema>>;

export const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('begin'), job: jobSchema }),
  /** Accompanied by a port to a window of the host that computes on the graphics card. */
  z.strictObject({ kind: z.literal('graphics') }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('continue') }),
  z.strictObject({ kind: z.literal('checkpoint') }),
  /** Measure, save a checkpoint and end. */
  z.strictObject({ kind: z.literal('stop') }),
  /** Save a resume point and end. */
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
  /** Held by the network. */
  memoryBytes: z.int().nonnegative(),
  /** Processor time of the measuring process, over all cores, since its start. */
  processorMilliseconds: z.number().nonnegative(),
});
export type Measurement = Readonly<z.infer<typeof measurementSchema>>;

export const reportSchema = z.discriminatedUnion('kind', [
  /** The process is running and waits for its job. */
  z.strictObject({ kind: z.literal('ready') }),
  /** A training run has started: its files exist. */
  z.strictObject({ kind: z.literal('started'), folder: path, device: z.string() }),
  /** What happens in the run that is trained. */
  z.strictObject({ kind: z.literal('training'), item: trainingItemSchema }),
  z.strictObject({ kind: z.literal('notice'), message: z.string() }),
  /** An item of the contract's stream that any other job feeds (checked where it is pushed). */
  z.strictObject({ kind: z.literal('item'), item: z.unknown() }),
  z.strictObject({ kind: z.literal('measured'), measurement: measurementSchema }),
  /** The job is done; the process ends. `end` for training runs. */
  z.strictObject({
    kind: z.literal('done'),
    end: z.enum(trainingEnds).nullable(),
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
