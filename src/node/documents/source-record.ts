import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cleaningStepSchema } from '../../shared/domain/cleaning.ts';
import { count } from '../../shared/domain/common.ts';
import { documentKindSchema } from '../../shared/domain/document-kinds.ts';
import {
  documentMemberSchema,
  offeredChoiceSchema,
  readChoicesSchema,
  stepCountSchema,
} from '../../shared/domain/documents.ts';
import { stepFindingSchema } from '../../shared/domain/step-finding.ts';
import type { Fields } from '../../shared/versioned.ts';
import { writeAtomically } from '../files/atomic.ts';

/** Stored beside a text that was made from documents. */
export const sourceFileName = 'source.json';
/** The folder beside a text with the files that it was made from. */
export const originalsFolder = 'originals';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const inputFields = {
  name: z.string(),
  bytes: count,
  sha256,
  kind: documentKindSchema,
  /** Its copy, relative to the text's folder. */
  original: z.string().nullable(),
  readerVersion: z.int().positive(),
  choices: readChoicesSchema,
  /** What its reader did, and then the cleaning steps. */
  steps: z.array(stepCountSchema).readonly(),
  cleaning: z.array(cleaningStepSchema).readonly(),
  cleaningVersion: z.int().positive(),
  /** In its part of the text. */
  characters: count,
  problems: z.array(z.string()).readonly(),
  members: z.array(documentMemberSchema).readonly(),
  /** The choice that was offered; missing in files of versions that did not record it. */
  choice: offeredChoiceSchema.nullable().optional(),
  /** The first changes of the cleaning steps, with their positions in the whole text; missing in files of versions that did not record them. */
  found: z.array(stepFindingSchema).readonly().optional(),
};

const leftOutFields = {
  name: z.string(),
  reason: z.string(),
  /** Its copy, if only its password was missing. */
  original: z.string().optional(),
};

const recordFields = {
  formatVersion: z.literal(1),
  /** The version of Charloom that made the text. */
  charloom: z.string(),
  /** In the order of the text. */
  inputs: z.array(z.object(inputFields)).min(1).readonly(),
  /** Files that could not be read, and why. */
  leftOut: z.array(z.object(leftOutFields)).readonly(),
  /** The line between two texts; empty: a blank line. */
  separator: z.string(),
  result: z.object({ file: z.string(), characters: count, bytes: count, sha256 }),
};
/** How a text was made from other files: enough to make it again, or with other choices. */
export type SourceRecord = Readonly<Fields<typeof recordFields>>;
export type SourceLeftOut = SourceRecord['leftOut'][number];
export type SourceInput = SourceRecord['inputs'][number];
const recordSchema: z.ZodType<SourceRecord> = z.looseObject(recordFields);

/** Writes the record into a text's folder. */
export async function writeSourceRecord(folder: string, record: SourceRecord): Promise<void> {
  const path = join(folder, sourceFileName);
  await writeAtomically(
    path,
    [`${JSON.stringify(record, null, 2)}\n`],
    'save the record of the text’s sources',
  );
}

/** The record in a folder; undefined if there is no readable one. */
export async function readSourceRecord(folder: string): Promise<SourceRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, sourceFileName), 'utf8')));
  } catch {
    return undefined;
  }
}
