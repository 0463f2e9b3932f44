import { z } from 'zod';
import { appSettingsSchema, engineItemSchema } from '../domain/app.ts';
import { cleaningStepSchema } from '../domain/cleaning.ts';
import { count, nameSchema } from '../domain/common.ts';
import { comparedTextSchema, copiesItemSchema } from '../domain/copies.ts';
import { documentReadingSchema } from '../domain/document-reading.ts';
import { inspectedTextSchema, inspectionItemSchema, inspectionMessageSchema } from '../domain/inspection.ts';
import { newsLevelSchema, runEndSchema } from '../domain/run-end.ts';
import { colophonItemSchema, writtenWithSchema } from '../domain/colophon.ts';
import { exportChoiceSchema, exportItemSchema } from '../domain/exchange.ts';
import {
  backendChoiceSchema,
  forecastItemSchema,
  modelReferenceSchema,
  runSchema,
  watchItemSchema,
} from '../domain/run.ts';
import { runSettingsSchema } from '../domain/run-settings.ts';
import { stepFindingSchema } from '../domain/step-finding.ts';
import { sweepOverviewSchema } from '../domain/sweep.ts';
import { cutSchema, inspectItemSchema, inspectMessageSchema, readingSchema } from '../domain/text.ts';
import { writeItemSchema, writeMessageSchema } from '../domain/write.ts';

function stream<P extends z.ZodType, M extends z.ZodType, I extends z.ZodType>(
  params: P,
  message: M,
  item: I,
) {
  return { params, message, item } as const;
}

/**
 * Work that takes long or continues: a page opens it with parameters, receives items, may send messages, and closes it, which cancels the work. It
 * ends when the work is done, or with a failure.
 */
export const streams = {
  /** Changes in the workbench: first everything, then each change. Continues until closed. */
  'workbench.watch': stream(
    z.null(),
    z.never(),
    z.discriminatedUnion('kind', [
      /** A portion of all runs, newest first, while the others are read: the first portion has place 0, the last has none remaining. */
      z.strictObject({
        kind: z.literal('runs'),
        place: count,
        runs: z.array(runSchema).readonly(),
        remaining: count,
      }),
      z.strictObject({ kind: z.literal('run'), run: runSchema }),
      z.strictObject({ kind: z.literal('removed'), run: nameSchema }),
      z.strictObject({ kind: z.literal('settings'), settings: appSettingsSchema }),
      /** A run ended without a request. */
      z.strictObject({ kind: z.literal('ended'), end: runEndSchema }),
      /** Something was opened from outside: the page should show it. */
      z.strictObject({
        kind: z.literal('opened'),
        text: nameSchema.nullable(),
        model: nameSchema.nullable(),
        run: nameSchema.nullable(),
      }),
      z.strictObject({
        kind: z.literal('notice'),
        level: newsLevelSchema,
        message: z.string(),
        run: nameSchema.nullable(),
      }),
    ]),
  ),
  /** One run: its history, then live events. Continues until closed. */
  'runs.watch': stream(z.strictObject({ run: nameSchema }), z.never(), watchItemSchema),
  /** A sweep and the state of each of its tasks, whenever that changes. Continues until closed. */
  'sweeps.watch': stream(z.strictObject({ sweep: nameSchema }), z.never(), sweepOverviewSchema),
  /** A text stays open for excerpts and measurements until closed. */
  'texts.inspect': stream(
    z.strictObject({ text: nameSchema, reading: readingSchema, cut: cutSchema }),
    inspectMessageSchema,
    inspectItemSchema,
  ),
  /** What cleaning steps would find in a text as it is, one after the other. */
  'texts.changes': stream(
    z.strictObject({
      text: nameSchema,
      encoding: z.string().max(64).nullable(),
      steps: z.array(cleaningStepSchema).readonly(),
    }),
    z.never(),
    stepFindingSchema,
  ),
  /** All documents that are being read, at each change. Continues until closed, which cancels none of them. */
  'texts.readings': stream(
    z.null(),
    z.strictObject({ kind: z.literal('cancel'), reading: z.int().nonnegative() }),
    z.strictObject({ readings: z.array(documentReadingSchema).readonly() }),
  ),
  /** Trains a few steps and estimates how long the whole run would take. */
  'runs.forecast': stream(
    z.strictObject({
      settings: runSettingsSchema,
      characters: z.int().positive(),
      vocabularySize: z.int().positive(),
      backend: backendChoiceSchema,
      threads: z.int().min(0).max(64),
    }),
    z.never(),
    forecastItemSchema,
  ),
  /** A model stays loaded, and writes whenever asked, until closed. */
  'models.write': stream(
    z.strictObject({ model: modelReferenceSchema }),
    writeMessageSchema,
    writeItemSchema,
  ),
  /** Finds passages of a written text that occur word for word in the model's training text. */
  'models.copies': stream(
    z.strictObject({ model: modelReferenceSchema, sample: comparedTextSchema }),
    z.never(),
    copiesItemSchema,
  ),
  /** A model reads a text, stays loaded and answers questions about its units until closed. Each text needs its own stream. */
  'models.inspect': stream(
    z.strictObject({ model: modelReferenceSchema, text: inspectedTextSchema }),
    inspectionMessageSchema,
    inspectionItemSchema,
  ),
  /** Everything needed to write exactly the same text with a model again. */
  'models.colophon': stream(
    z.strictObject({ model: modelReferenceSchema, written: writtenWithSchema }),
    z.never(),
    colophonItemSchema,
  ),
  /** Writes a model for another program, and keeps the file until closed: `saveExport` lets the user save it. */
  'models.export': stream(
    z.strictObject({ model: modelReferenceSchema, choice: exportChoiceSchema }),
    z.never(),
    exportItemSchema,
  ),
  'engines.install': stream(
    z.discriminatedUnion('engine', [
      z.strictObject({ engine: z.literal('webgpu') }),
      z.strictObject({ engine: z.literal('tensorflow'), variant: z.enum(['cpu', 'gpu']) }),
    ]),
    z.never(),
    engineItemSchema,
  ),
  /** Replays golden numbers on a backend. */
  'engines.test': stream(z.strictObject({ engine: nameSchema }), z.never(), engineItemSchema),
} as const;
