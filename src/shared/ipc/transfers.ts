import { z } from 'zod';
import { CharloomError } from '../errors.ts';
import { errorOf, failureOf } from './failures.ts';
import { nameSchema } from '../domain/common.ts';
import { modelReferenceSchema } from '../domain/run.ts';
import { textSchema } from '../domain/text.ts';
import { replySchema, type Reply } from './frames.ts';

const importedPartSchema = z.strictObject({ part: nameSchema });
/** An imported file that waits to become a part of a text. */
export type ImportedPart = Readonly<z.infer<typeof importedPartSchema>>;

/**
 * Files that are transferred separately from requests, because each transport moves them in its own way: a path from the preload script, or an upload. The
 * answers are the same.
 */
export const transfers = {
  text: textSchema,
  part: importedPartSchema,
  /** A Charloom checkpoint stays a file; a model of another program becomes a run. */
  model: modelReferenceSchema,
  export: z.null(),
  /** False if the user cancelled. */
  saved: z.boolean(),
} as const;

export type TransferName = keyof typeof transfers;
export type TransferResult<N extends TransferName> = z.infer<(typeof transfers)[N]>;

/** Answers a transfer on any transport: any error becomes data. Never rejects. */
export async function answerTransfer<N extends TransferName>(
  name: N,
  work: () => Promise<TransferResult<N>>,
  onDefect: (error: unknown) => void = () => undefined,
): Promise<Reply> {
  try {
    return { ok: true, value: transfers[name].parse(await work()) };
  } catch (error) {
    if (!(error instanceof CharloomError)) onDefect(error);
    return { ok: false, failure: failureOf(error) };
  }
}

/** The checked result in a transfer's reply. Throws the error that the reply describes. */
export function readTransfer<N extends TransferName>(name: N, value: unknown): TransferResult<N> {
  const reply = replySchema.parse(value);
  if (!reply.ok) throw errorOf(reply.failure);
  return transfers[name].parse(reply.value) as TransferResult<N>;
}
