import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComposedText } from '../../shared/domain/documents.ts';
import type { ForkProcess } from '../process.ts';
import { composeInProcess } from './compose.ts';
import type { ReadFileHooks } from './read-file.ts';
import {
  readInputs,
  type LeftOutInput,
  type ReadInput,
  type RecipeFile,
  type TextRecipe,
} from './read-inputs.ts';

export interface BuildRequest {
  readonly files: readonly RecipeFile[];
  readonly recipe: TextRecipe;
  /** The line between two texts; empty: a blank line. */
  readonly separator: string;
  /** Where the text is written. */
  readonly output: string;
}

/** A text that was made from files. */
export interface BuiltText {
  /** In the order of the text, each with what the steps found in it. */
  readonly inputs: readonly BuiltInput[];
  readonly leftOut: readonly LeftOutInput[];
  readonly composed: ComposedText;
}

export interface BuiltInput extends ReadInput {
  readonly composed: ComposedText['parts'][number];
}

/**
 * Makes one text from files of any kind: reads each, cleans it, joins them. Files that cannot be read are left out and reported.
 * @throws CharloomError of the first file if none can be read; 'storage', 'check-failed' or 'cancelled'
 */
export async function buildText(
  fork: ForkProcess,
  { files, recipe, separator, output }: BuildRequest,
  hooks: ReadFileHooks = {},
): Promise<BuiltText> {
  const folder = await mkdtemp(join(tmpdir(), 'charloom-documents-'));
  try {
    const results = await readInputs(fork, files, recipe, folder, hooks);
    const read = results.filter((result) => 'report' in result);
    const leftOut = results.filter((result) => 'error' in result);
    if (read.length === 0 && leftOut[0] !== undefined) throw leftOut[0].error;
    const parts = read.map(({ part }) => part);
    const composed = await composeInProcess(fork, { parts, separator, output }, hooks.signal);
    const inputs = read.flatMap((input, index) => {
      const part = composed.parts[index];
      return part === undefined ? [] : [{ ...input, composed: part }];
    });
    return { inputs, leftOut, composed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
