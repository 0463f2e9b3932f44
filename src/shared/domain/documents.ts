import { z } from 'zod';
import { count, fraction } from './common.ts';
import { cleaningStepSchema } from './cleaning.ts';
import { documentKindSchema } from './document-kinds.ts';
import { stepFindingSchema } from './step-finding.ts';

/** What the PDF reader does to turn pages into a text; each step can be skipped. */
export const pdfSteps = ['running-heads', 'line-hyphens', 'page-lines'] as const;
export type PdfStep = (typeof pdfSteps)[number];

const choice = z.string().min(1).max(1000).nullable();

/**
 * Versions of the readers and cleaning steps, stored with each text that they made. Raised when the same file would give a different text: existing
 * texts are then kept unchanged.
 */
export const readerVersion = 1;
export const cleaningVersion = 1;

/** Choices about how a file is read; null leaves a choice to the reader. */
export const readChoicesSchema = z.strictObject({
  /** The column of a table, by its heading or its number from 1. */
  column: choice,
  /** The field of JSON records: names joined by dots, arrays omitted ("poem.text"). */
  field: choice,
  /** Reads only this speaker's messages of a chat, without the name. */
  speaker: choice,
  /** Whether each message of a chat starts with its speaker. */
  withNames: z.boolean(),
  /** Opens an encrypted PDF. */
  password: choice,
  /** How the letters of a text file are encoded, when the guess is wrong. */
  encoding: z.string().max(64).nullable(),
  /** Steps that are skipped for the pages of a PDF. */
  withoutSteps: z.array(z.enum(pdfSteps)).readonly(),
});
export type ReadChoices = Readonly<z.infer<typeof readChoicesSchema>>;

export const defaultReadChoices: ReadChoices = {
  column: null,
  field: null,
  speaker: null,
  withNames: true,
  password: null,
  encoding: null,
  withoutSteps: [],
};

/** The columns, fields or speakers of a file, and the one that was used. */
export const offeredChoiceSchema = z.strictObject({
  kind: z.enum(['column', 'field', 'speaker']),
  options: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Summed over all records. */
        characters: count,
        /** The start of its first value. */
        example: z.string(),
      }),
    )
    .readonly(),
  /** Null: everything, or there was nothing to choose. */
  taken: z.string().nullable(),
  /** False: several are possible, and the user should choose. */
  isSure: z.boolean(),
});
export type OfferedChoice = Readonly<z.infer<typeof offeredChoiceSchema>>;

/** Something done to a text and how often. */
export const stepCountSchema = z.strictObject({ step: z.string().max(64), count });
export type StepCount = Readonly<z.infer<typeof stepCountSchema>>;

/** One file that was taken from an archive. */
export const documentMemberSchema = z.strictObject({
  name: z.string(),
  kind: documentKindSchema,
  characters: count,
  problems: z.array(z.string()).readonly(),
});
export type DocumentMember = Readonly<z.infer<typeof documentMemberSchema>>;

/** What is known about a file that was read, except its text. */
export const documentReportSchema = z.strictObject({
  kind: documentKindSchema,
  /** Unicode characters of its text. */
  characters: count,
  /** What was left out or is doubtful, one sentence each. */
  problems: z.array(z.string()).readonly(),
  /** Null where the format leaves nothing to choose. */
  choice: offeredChoiceSchema.nullable(),
  /** What its reader did; each step has its name in the table of cleaning steps. */
  steps: z.array(stepCountSchema).readonly(),
  /** The files of an archive in the order of the text; empty for everything else. */
  members: z.array(documentMemberSchema).readonly(),
});
export type DocumentReport = Readonly<z.infer<typeof documentReportSchema>>;

/** Reports of a process that reads one file: its progress, and at the end the result. */
export const readDocumentItemSchema = z.discriminatedUnion('kind', [
  /** `pages` as soon as they are known; null where there are none. */
  z.strictObject({ kind: z.literal('progress'), fraction, pages: count.nullable() }),
  z.strictObject({ kind: z.literal('read'), report: documentReportSchema }),
]);
export type ReadDocumentItem = Readonly<z.infer<typeof readDocumentItemSchema>>;

/** One of the files of a text, with its cleaning steps. */
export const composedPartSchema = z.strictObject({
  /** A file with its text: extracted from a document (UTF-8), or a plain text. */
  path: z.string().min(1).max(32_768),
  /** The encoding of a plain text; null: guess. Extracted text is UTF-8. */
  encoding: z.string().max(64).nullable(),
  steps: z.array(cleaningStepSchema).readonly(),
});
export type ComposedPart = Readonly<z.infer<typeof composedPartSchema>>;

/** The final report of a process that makes one text from several. */
export const composedTextSchema = z.strictObject({
  characters: count,
  bytes: count,
  /** Of the file's bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** For each part: its characters after all steps, how often each step found something, and the position of its first finding in the text. */
  parts: z
    .array(
      z.strictObject({
        characters: count,
        steps: z.array(stepCountSchema).readonly(),
        found: z.array(stepFindingSchema).readonly(),
      }),
    )
    .readonly(),
});
export type ComposedText = Readonly<z.infer<typeof composedTextSchema>>;
