import { z } from 'zod';
import { cleaningStepSchema } from './cleaning.ts';
import { count, nameSchema } from './common.ts';
import { documentKindSchema } from './document-kinds.ts';
import { documentMemberSchema, offeredChoiceSchema, readChoicesSchema } from './documents.ts';
import { stepFindingSchema } from './step-finding.ts';

/** Names a file stored with a text: its path in the text's folder, or the text itself if it was made from nothing else. */
const keySchema = z.string().min(1).max(300);

const madeInputFields = {
  key: keySchema,
  name: z.string(),
  kind: documentKindSchema,
  /** Of its part of the text. */
  characters: count,
  /** What was left out or is doubtful, one sentence each. */
  problems: z.array(z.string()).readonly(),
  members: z.array(documentMemberSchema).readonly(),
  choices: readChoicesSchema,
  /** Null where the file leaves nothing to choose. */
  choice: offeredChoiceSchema.nullable(),
  cleaning: z.array(cleaningStepSchema).readonly(),
};

/** What a text was made of, as a page shows it. */
export const madeTextSchema = z.strictObject({
  /** False: a plain text, which is its own only input. */
  isMade: z.boolean(),
  /** In the order of the text. */
  inputs: z.array(z.strictObject(madeInputFields)).readonly(),
  /** Files that could not be read, and why. */
  leftOut: z
    .array(
      z.strictObject({
        name: z.string(),
        reason: z.string(),
        /** Where the file is stored, if only its password is missing; null: nothing can be done about it here. */
        key: keySchema.nullable(),
      }),
    )
    .readonly(),
  /** A separate line between two texts; empty: a blank line. */
  separator: z.string(),
  /** What the applied steps did; steps that found nothing are omitted. */
  found: z.array(stepFindingSchema).readonly(),
});
export type MadeText = Readonly<z.infer<typeof madeTextSchema>>;
export type MadeInput = MadeText['inputs'][number];

/** A file that is to become a part of a text. */
export const inputWishSchema = z.strictObject({
  from: z.discriminatedUnion('kind', [
    /** Stored with the text that the new one is made from. */
    z.strictObject({ kind: z.literal('kept'), key: keySchema }),
    /** Imported earlier. */
    z.strictObject({ kind: z.literal('imported'), part: nameSchema }),
  ]),
  /** Null: left to the reader. */
  choices: readChoicesSchema.nullable(),
  /** Null: the usual steps for its kind. */
  cleaning: z.array(cleaningStepSchema).readonly().nullable(),
});
export type InputWish = Readonly<z.infer<typeof inputWishSchema>>;

/** How to make a text. */
export const textWishSchema = z.strictObject({
  /** The text of which this becomes a new version; null: a new text. */
  text: nameSchema.nullable(),
  title: z.string().min(1).max(255),
  /** In the order of the text. */
  inputs: z.array(inputWishSchema).min(1).max(10_000).readonly(),
  separator: z.string().max(200),
});
export type TextWish = Readonly<z.infer<typeof textWishSchema>>;
