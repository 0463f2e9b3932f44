import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../node/files/storage-error.ts';
import { runSettingsSchema } from '../shared/domain/run-settings.ts';
import { backendChoiceSchema } from '../shared/domain/run.ts';

const resumeSchema = z.strictObject({
  /** Where the text is now; null: where it was. */
  textPath: z.string().nullable(),
  changes: z.record(z.string(), z.union([z.string(), z.number()])),
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
});
/** How a run that has started before is to be resumed. */
export type ResumeRequest = Readonly<z.infer<typeof resumeSchema>>;

const queuedRunSchema = z.strictObject({
  /** Name of its folder. */
  id: z.string().min(1).max(255),
  /** Null for a run that has not started: its own run.json holds the plan. */
  resume: resumeSchema.nullable(),
});
/** A run that waits for its turn. */
export type QueuedRun = Readonly<z.infer<typeof queuedRunSchema>>;

/** By runs folder, since the command line can name another one: what waits in each, the next first. */
export type QueueOrders = Readonly<Record<string, readonly QueuedRun[]>>;

const fileSchema = z.strictObject({
  formatVersion: z.literal(2),
  order: z.record(z.string(), z.array(queuedRunSchema)),
});

const describedCommon = {
  /** `queued-...`: what a run was called until it had a folder. */
  id: z.string().min(1).max(255),
  created: z.iso.datetime(),
  backend: backendChoiceSchema,
  threads: z.int().min(0).max(64),
};
/** Format 1 described every run in full: runs got their folders when they started. */
const describedRunSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...describedCommon,
    kind: z.literal('start'),
    textPath: z.string(),
    textTitle: z.string(),
    encoding: z.string().nullable(),
    settings: runSettingsSchema,
    initFrom: z.string().nullable(),
  }),
  z.strictObject({
    ...describedCommon,
    kind: z.literal('resume'),
    folder: z.string(),
    textPath: z.string().nullable(),
    changes: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);
export type DescribedRun = Readonly<z.infer<typeof describedRunSchema>>;

const earlierFileSchema = z.strictObject({
  formatVersion: z.literal(1),
  waiting: z.array(describedRunSchema),
});

export type QueueFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'orders'; readonly orders: QueueOrders }
  | { readonly kind: 'described'; readonly runs: readonly DescribedRun[] };

/** Reads `queue.json`. */
export async function readQueueFile(path: string): Promise<QueueFile> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined) return { kind: 'none' };
  const value = parseJson(content);
  const current = fileSchema.safeParse(value);
  if (current.success) return { kind: 'orders', orders: current.data.order };
  const earlier = earlierFileSchema.safeParse(value);
  return earlier.success ? { kind: 'described', runs: earlier.data.waiting } : { kind: 'damaged' };
}

/** The text of `queue.json`. */
export function encodeQueue(orders: QueueOrders): string {
  const order = Object.fromEntries(Object.entries(orders).filter(([, runs]) => runs.length > 0));
  return `${JSON.stringify({ formatVersion: 2, order }, null, 2)}\n`;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
