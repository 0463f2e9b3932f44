import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { detectFile } from '../../node/documents/detect-file.ts';
import type { InputFile } from '../../node/documents/list-inputs.ts';
import { usualSteps, type CleaningStep } from '../../shared/domain/cleaning.ts';
import type { ComposedPart, DocumentReport, ReadChoices } from '../../shared/domain/documents.ts';
import { CharloomError } from '../../shared/errors.ts';
import { readFileInProcess, type ReadFileHooks } from './read-file.ts';
import type { ForkProcess } from '../process.ts';

/** How files become a text. */
export interface TextRecipe {
  readonly choices: ReadChoices;
  /** Steps that are applied to every file; null: the usual ones to documents, none to plain texts. */
  readonly cleaning: readonly CleaningStep[] | null;
  /** Reads every file as plain text, whatever it seems to be. */
  readonly isPlain: boolean;
  /** What becomes of a file in which several columns or fields may be meant. */
  readonly whenUnsure: 'take' | 'refuse';
}

/** A file of a text with its own choices; missing choices are the recipe's. */
export interface RecipeFile extends InputFile {
  readonly own?: {
    readonly choices?: ReadChoices | undefined;
    readonly cleaning?: readonly CleaningStep[] | undefined;
  };
}

/** A file that was read, and where its text is. */
export interface ReadInput {
  readonly file: RecipeFile;
  readonly report: DocumentReport;
  readonly part: ComposedPart;
}

/** A file that could not be read, and why. */
export interface LeftOutInput {
  readonly file: RecipeFile;
  readonly error: CharloomError;
}

/** Files that are read at the same time: each process may take a gigabyte. */
const atOnce = 2;

/**
 * Reads files, each in a separate process; unreadable files do not affect the others.
 * @param folder where the texts of documents are stored until they are joined
 * @throws CharloomError('cancelled')
 */
export async function readInputs(
  fork: ForkProcess,
  files: readonly RecipeFile[],
  recipe: TextRecipe,
  folder: string,
  { signal, onProgress }: ReadFileHooks = {},
): Promise<readonly (ReadInput | LeftOutInput)[]> {
  const results: (ReadInput | LeftOutInput)[] = [];
  const shares = files.map(() => 0);
  const waiting = files.entries();
  const work = async (): Promise<void> => {
    for (const [index, file] of waiting) {
      const hooks = {
        signal,
        onProgress: (fraction: number) => {
          shares[index] = fraction;
          onProgress?.(shares.reduce((sum, share) => sum + share, 0) / files.length);
        },
      };
      results[index] = await readInput(fork, file, recipe, join(folder, `${index}.txt`), hooks).catch(
        (error: unknown) => {
          if (error instanceof CharloomError && error.code !== 'cancelled') return { file, error };
          throw error;
        },
      );
      hooks.onProgress(1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function readInput(
  fork: ForkProcess,
  file: RecipeFile,
  recipe: TextRecipe,
  output: string,
  hooks: ReadFileHooks,
): Promise<ReadInput> {
  const { isPlain, whenUnsure } = recipe;
  const choices = file.own?.choices ?? recipe.choices;
  const cleaning = file.own?.cleaning ?? recipe.cleaning;
  const detected = isPlain ? null : await detectFile(file.path);
  if (detected?.kind === 'other') {
    throw new CharloomError('bad-text', `${file.name} is ${detected.format ?? 'no text'}.`, {
      fix: { kind: 'save-as-text' },
    });
  }
  if (detected === null || detected.kind === 'text') return plainInput(file, choices, cleaning);
  const report = await readFileInProcess(fork, { path: file.path, name: file.name, choices, output }, hooks);
  // It only began like JSON.
  if (report.kind === 'text') return plainInput(file, choices, cleaning);
  if (report.choice?.isSure === false && whenUnsure === 'refuse') throw unsure(file.name, report.choice);
  if (report.characters === 0) {
    throw new CharloomError('bad-text', `${file.name} contains no text.`, { fix: 'Import another file.' });
  }
  return {
    file,
    report,
    part: { path: output, encoding: 'utf-8', steps: cleaning ?? usualSteps(report.kind) },
  };
}

async function plainInput(
  file: RecipeFile,
  { encoding }: ReadChoices,
  cleaning: readonly CleaningStep[] | null,
): Promise<ReadInput> {
  const { size } = await stat(file.path);
  if (size === 0)
    throw new CharloomError('bad-text', `${file.name} is empty.`, { fix: 'Import another file.' });
  return {
    file,
    report: { kind: 'text', characters: 0, problems: [], choice: null, steps: [], members: [] },
    part: { path: file.path, encoding, steps: cleaning ?? [] },
  };
}

function unsure(name: string, { kind, options }: NonNullable<DocumentReport['choice']>): CharloomError {
  const names = options.filter(({ characters }) => characters > 0).map((option) => option.name);
  return new CharloomError('bad-text', `${name} has several ${kind}s; only one can be read.`, {
    fix: { kind: 'choose-part', part: kind, names: names.slice(0, 20) },
  });
}
