import { z } from 'zod';
import { backendKinds } from '../domain/backends.ts';
import { resumeChangesSchema } from '../domain/run-settings.ts';
import { appInfoSchema, appSettingsSchema, engineSchema, folderKeys } from '../domain/app.ts';
import {
  checkpointSchema,
  comparisonSchema,
  importedModelSchema,
  modelDescriptionSchema,
  removalSchema,
} from '../domain/checkpoint.ts';
import { count, nameSchema } from '../domain/common.ts';
import { madeTextSchema, textWishSchema } from '../domain/made-text.ts';
import {
  maxTags,
  modelReferenceSchema,
  runDetailSchema,
  runRequestSchema,
  runSchema,
  sampleSchema,
  tagSchema,
} from '../domain/run.ts';
import { sweepHeadSchema, sweepListSchema, sweepRequestSchema } from '../domain/sweep.ts';
import { maxSweepTasks } from '../domain/sweep-space.ts';
import { textSchema } from '../domain/text.ts';
import { trashedSchema } from '../domain/trash.ts';

const nothing = z.null();
const run = z.strictObject({ run: nameSchema });
const checkpoint = z.strictObject({ run: nameSchema, file: nameSchema });

const tags = z.array(tagSchema).max(maxTags).readonly();
/** Runs of a library that one request may name. */
const maxRunsAtOnce = 10_000;

const sweepTasks = z.strictObject({
  sweep: nameSchema,
  tasks: z.array(count).min(1).max(maxSweepTasks).readonly(),
});

function request<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result } as const;
}

/**
 * Requests that are answered immediately. Anything that takes long or continues is a stream (streams.ts). Handlers are in src/workbench; every
 * transport checks parameters and results against these schemas.
 */
export const requests = {
  'app.info': request(z.null(), appInfoSchema),
  'app.openLink': request(z.strictObject({ link: z.enum(['char-rnn', 'guide', 'licence']) }), nothing),
  /** Shows a folder in the system's file manager. Only if `canReveal`. */
  'app.openFolder': request(z.strictObject({ folder: z.enum(folderKeys) }), nothing),
  'settings.get': request(z.null(), appSettingsSchema),
  'settings.change': request(appSettingsSchema.partial(), appSettingsSchema),

  'texts.list': request(z.null(), z.array(textSchema).readonly()),
  /** Null when the user chose none. Only if `canChooseFiles`. */
  'texts.choose': request(z.null(), textSchema.nullable()),
  /** Makes a text from files, or another version of a text. Takes as long as reading them: `texts.readings` reports progress and cancels. */
  'texts.make': request(textWishSchema, textSchema),
  /** What a text was made of. */
  'texts.made': request(z.strictObject({ text: nameSchema }), madeTextSchema),
  /** Removes a text from the list; its file stays. */
  'texts.forget': request(z.strictObject({ text: nameSchema }), nothing),
  /** Puts it back at its position. */
  'texts.restore': request(z.strictObject({ text: nameSchema }), textSchema),

  'runs.list': request(z.null(), z.array(runSchema).readonly()),
  'runs.get': request(run, runDetailSchema),
  /** Imports the training text of a run from its original path, if the file is unchanged. */
  'runs.importText': request(run, textSchema),
  'runs.samples': request(run, z.array(sampleSchema).readonly()),
  /** Adds runs to the queue; the first starts as soon as no other run is training. */
  'runs.start': request(
    z.strictObject({ requests: z.array(runRequestSchema).min(1).max(100) }),
    z.array(runSchema).readonly(),
  ),
  'runs.resume': request(
    z.strictObject({
      run: nameSchema,
      changes: resumeChangesSchema,
      /** The id of the text, if it has moved. */
      text: nameSchema.nullable(),
      /** The backend to resume on; by default the run's own backend, if it is available. */
      backend: z.enum(backendKinds).optional(),
    }),
    runSchema,
  ),
  'runs.pause': request(run, nothing),
  'runs.continue': request(run, nothing),
  /** Ends with a last measurement and a checkpoint. */
  'runs.stop': request(run, nothing),
  /** Ends without them: the state is saved as a resume point. */
  'runs.suspend': request(run, nothing),
  'runs.checkpoint': request(run, nothing),
  /** Removes a waiting run from the queue: one that has not started is moved to the trash. Null for one that was to be resumed. */
  'runs.unqueue': request(run, removalSchema.nullable()),
  /** Moves a waiting run to a position in the queue; 0 is next. */
  'runs.reorder': request(z.strictObject({ run: nameSchema, place: count }), nothing),
  'runs.describe': request(
    z.strictObject({ run: nameSchema, name: z.string().min(1).max(80), note: z.string().max(5000) }),
    runSchema,
  ),
  /** Adds tags to runs and removes some; other tags are unchanged. */
  'runs.tag': request(
    z.strictObject({
      changes: z
        .array(z.strictObject({ run: nameSchema, add: tags, remove: tags }))
        .min(1)
        .max(maxRunsAtOnce),
    }),
    nothing,
  ),
  'runs.remove': request(
    z.strictObject({ runs: z.array(nameSchema).min(1).max(maxRunsAtOnce) }),
    removalSchema,
  ),
  'runs.compare': request(z.strictObject({ runs: z.array(nameSchema).min(2).max(6) }), comparisonSchema),
  'runs.reveal': request(z.strictObject({ run: nameSchema, file: nameSchema.nullable() }), nothing),

  'sweeps.list': request(z.null(), sweepListSchema),
  /**
   * Plans a sweep and adds its runs to the queue. Its name gets a number if it is taken. Takes as long as reading the text: `texts.readings` reports
   * progress and cancels.
   */
  'sweeps.start': request(sweepRequestSchema, sweepHeadSchema),
  /** Running tasks save their state; waiting tasks do not start. */
  'sweeps.cancel': request(sweepTasks, nothing),
  /** Adds tasks to the queue; started tasks resume, and those that were stopped early are trained to their end. Refused for a sweep on a cluster. */
  'sweeps.retry': request(sweepTasks, nothing),

  'checkpoints.list': request(run, z.array(checkpointSchema).readonly()),
  'checkpoints.mark': request(checkpoint.extend({ star: z.boolean(), note: z.string().max(5000) }), nothing),
  'checkpoints.remove': request(
    z.strictObject({
      run: nameSchema,
      files: z.array(nameSchema).min(1).max(10_000),
      /** The best is kept unless its file is named here too. */
      evenBest: nameSchema.nullable(),
    }),
    removalSchema,
  ),
  /** Keeps the best `keep`, the last and the starred checkpoints; `dryRun` only reports what that would free. */
  'checkpoints.prune': request(
    z.strictObject({ run: nameSchema, keep: z.int().min(1).max(1000), dryRun: z.boolean() }),
    removalSchema,
  ),
  'trash.undo': request(z.strictObject({ undo: nameSchema }), nothing),
  /** What can be restored, the latest removal first. */
  'trash.list': request(z.null(), z.array(trashedSchema).readonly()),
  'trash.size': request(z.null(), z.strictObject({ bytes: count, items: count })),
  'trash.empty': request(z.null(), z.strictObject({ bytes: count })),

  'models.list': request(z.null(), z.array(importedModelSchema).readonly()),
  /** A model's shape and symbols, read from the header of its file. */
  'models.describe': request(z.strictObject({ model: modelReferenceSchema }), modelDescriptionSchema),
  /** Imports a model folder whose files were imported one by one. */
  'models.import': request(
    z.strictObject({ name: nameSchema, parts: z.array(nameSchema).min(1).max(500) }),
    modelReferenceSchema,
  ),
  'models.remove': request(z.strictObject({ file: nameSchema }), removalSchema),

  'engines.list': request(z.null(), z.array(engineSchema).readonly()),
  'engines.remove': request(z.strictObject({ engine: nameSchema }), nothing),
  /** The partial download of an unfinished installation, which the next one continues. */
  'engines.downloads': request(z.null(), z.strictObject({ bytes: count })),
  /** Deletes it; returns the bytes freed. */
  'engines.removeDownloads': request(z.null(), z.strictObject({ bytes: count })),
  /** A report about this machine that can be copied into a message. */
  'engines.doctor': request(z.null(), z.strictObject({ report: z.string() })),
} as const;
