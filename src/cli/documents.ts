import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { BuildRequest } from '../processes/documents/build-text.ts';
import type { ReadFileHooks } from '../processes/documents/read-file.ts';
import type { TextRecipe } from '../processes/documents/read-inputs.ts';
import type { ForkProcess } from '../processes/process.ts';
import { cleaningStepNames, type CleaningStep } from '../shared/domain/cleaning.ts';
import { defaultReadChoices, pdfSteps } from '../shared/domain/documents.ts';
import { CharloomError } from '../shared/errors.ts';
import { ownFork } from './backend.ts';
import type { Output } from './output.ts';
import { readingStatus } from './train/reading-status.ts';
import { nearest } from './suggest.ts';

/** How documents are read; every command that takes a text has these options. */
export interface DocumentOptions {
  readonly plain?: boolean;
  readonly column?: string;
  readonly field?: string;
  readonly speaker?: string;
  readonly names?: boolean;
  readonly password?: string;
  /** Steps to apply; false for none. */
  readonly clean?: readonly CleaningStep[] | false;
  readonly separator?: string;
  readonly encoding?: string;
}

const group = 'Documents and several files:';

/** Adds the options of reading documents to a command. */
export function addDocumentOptions(command: Command): Command {
  command.optionsGroup(group);
  command
    .option('--plain', 'read every file as plain text')
    .option('--column <name>', 'the table column with the text, by heading or number')
    .option('--field <name>', 'the field of JSON records with the text, such as poem.text')
    .option('--speaker <name>', 'read only this speaker’s messages in a chat')
    .option('--no-names', 'leave speakers’ names out of a chat')
    .option('--password <text>', 'the password of an encrypted PDF')
    .option(
      '--clean <steps>',
      `cleaning steps for every file: ${cleaningStepNames.join(', ')} (default: the usual steps for documents, none for plain text)`,
      parseSteps,
    )
    .option('--no-clean', 'do not clean documents; a PDF keeps its line breaks, page headings and hyphens')
    .option('--separator <text>', 'a separate line between two files (default: a blank line)');
  return command.optionsGroup('Options:');
}

/** The text of a command: the file itself, or one made from documents or several files. */
export interface CommandText {
  readonly path: string;
  /** What was named on the command line, for messages. */
  readonly title: string;
  /** Removes what was created for this command only. */
  readonly dispose: () => Promise<void>;
}

/** How long a text made from documents is needed. */
export type Keeping = 'for-the-command' | 'for-good';

/**
 * Finds the text that a command reads. Plain text is read unchanged, whatever its name; anything else is converted to a text first.
 * @param isBytes whether its bytes are the symbols: then it is never read as a document
 * @throws CharloomError with advice, for what cannot be read
 */
export async function textOfCommand(
  files: readonly [string, ...string[]],
  options: DocumentOptions,
  output: Output,
  {
    isBytes,
    keeping,
    signal,
  }: { readonly isBytes: boolean; readonly keeping: Keeping; readonly signal?: AbortSignal },
): Promise<CommandText> {
  const [first] = files;
  if (files.length === 1 && (isBytes || (await isReadAsItStands(first, options)))) return asItStands(first);
  const { listInputs } = await import('../node/documents/list-inputs.ts');
  const title = titleOf(files);
  const work: DocumentWork = {
    title,
    request: {
      files: await listInputs(files),
      recipe: recipeOf(options, 'refuse'),
      separator: separatorOf(options),
    },
    fork: await ownFork(),
    hooks: { signal, onProgress: (fraction) => output.status(readingStatus(title, fraction)) },
    output,
  };
  return keeping === 'for-good' ? keptText(work) : temporaryText(work);
}

/** Documents to be made into a text. */
interface DocumentWork {
  readonly title: string;
  readonly request: Pick<BuildRequest, 'files' | 'recipe' | 'separator'>;
  readonly fork: ForkProcess;
  readonly hooks: ReadFileHooks;
  readonly output: Output;
}

/** In the home folder, where a run finds it when it is resumed. */
async function keptText({ title, request, fork, hooks, output }: DocumentWork): Promise<CommandText> {
  const { keepText } = await import('../processes/documents/keep-text.ts');
  const { homeFolder } = await import('../node/files/data-folders.ts');
  const home = join(homeFolder(), 'texts');
  const { path, record } = await keepText(fork, { ...request, home, title }, hooks);
  output.status('');
  for (const { name, problems } of record.inputs)
    for (const problem of problems) output.note(`${name}: ${problem}`);
  for (const { reason } of record.leftOut) output.note(`Left out: ${reason}`);
  return { path, title, dispose: () => Promise.resolve() };
}

async function temporaryText({ title, request, fork, hooks, output }: DocumentWork): Promise<CommandText> {
  const folder = await mkdtemp(join(tmpdir(), 'charloom-text-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'text.txt');
    const { buildText } = await import('../processes/documents/build-text.ts');
    const { inputs, leftOut } = await buildText(fork, { ...request, output: path }, hooks);
    output.status('');
    for (const { file, report } of inputs)
      for (const problem of report.problems) output.note(`${file.name}: ${problem}`);
    for (const { error } of leftOut) output.note(`Left out: ${error.message}`);
    return { path, title, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** How files are read by these options. */
export function recipeOf(options: DocumentOptions, whenUnsure: TextRecipe['whenUnsure']): TextRecipe {
  const { column, field, speaker, names, password, encoding, clean, plain } = options;
  return {
    choices: {
      ...defaultReadChoices,
      column: column ?? null,
      field: field ?? null,
      speaker: speaker ?? null,
      withNames: names ?? true,
      password: password ?? null,
      encoding: encoding ?? null,
      withoutSteps: clean === false ? pdfSteps : [],
    },
    cleaning: clean === false ? [] : (clean ?? null),
    isPlain: plain === true,
    whenUnsure,
  };
}

/** The line between two files, with `\n` for line ends. */
export function separatorOf({ separator = '' }: DocumentOptions): string {
  return separator.replaceAll('\\n', '\n');
}

/** Files that are missing or are not text are reported by the code that reads texts. */
async function isReadAsItStands(path: string, { plain, clean }: DocumentOptions): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return true;
  if (status.isDirectory() || Array.isArray(clean)) return false;
  if (plain === true || status.size === 0) return true;
  const { detectFile } = await import('../node/documents/detect-file.ts');
  const detected = await detectFile(path).catch(() => null);
  return detected === null || detected.kind === 'text' || detected.kind === 'other';
}

function asItStands(path: string): CommandText {
  return { path, title: path, dispose: () => Promise.resolve() };
}

function titleOf([first, ...others]: readonly [string, ...string[]]): string {
  const name = basename(resolve(first));
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

function parseSteps(text: string): readonly CleaningStep[] {
  return text.split(',').map((word) => {
    const step = cleaningStepNames.find((name) => name === word.trim());
    if (step !== undefined) return step;
    const near = nearest(word.trim(), cleaningStepNames);
    throw new CharloomError('usage', `--clean has no step “${word.trim()}”.`, {
      fix: near === undefined ? `Steps: ${cleaningStepNames.join(', ')}.` : `Did you mean ${near}?`,
    });
  });
}
