import { z } from 'zod';
import type { Fields } from '../versioned.ts';

/** Programs and formats that models are imported from, with the names people use. */
const originPrograms = {
  'char-rnn': 'char-rnn',
  'torch-rnn': 'torch-rnn',
  ml5: 'ml5',
  safetensors: 'a safetensors file',
  charloom: 'Charloom',
} as const;
export type OriginProgram = keyof typeof originPrograms;

const originFields = {
  /** An OriginProgram; a later Charloom may know more. */
  program: z.string().max(64),
  /** Name of the file or folder that it was read from. */
  file: z.string().max(255),
  /** The settings in the file. All others are Charloom's defaults and say nothing about the model. */
  settings: z.array(z.string().max(64)).max(200).readonly(),
  /** False if the file does not contain the number of epochs: all of its training then counts as one. */
  tellsEpochs: z.boolean(),
  /** False if the file does not name its training text. */
  tellsText: z.boolean(),
};
/** The origin of a model that was not trained here. */
export type ModelOrigin = Readonly<Fields<typeof originFields>>;
export const modelOriginSchema: z.ZodType<ModelOrigin> = z.looseObject(originFields);
/** The part of it for pages. */
export const knownOriginSchema = z.strictObject(originFields);

/** An origin without the keys that only another version of Charloom knows. */
export function knownOrigin(origin: ModelOrigin): ModelOrigin {
  return z.object(originFields).parse(origin);
}

/** The program's name for display. */
export function originTitle(origin: Pick<ModelOrigin, 'program'> | undefined): string {
  const program = origin?.program ?? '';
  return Object.hasOwn(originPrograms, program) ? originPrograms[program as OriginProgram] : program;
}
