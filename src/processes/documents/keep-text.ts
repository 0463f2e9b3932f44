import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import {
  originalsFolder,
  readSourceRecord,
  writeSourceRecord,
  type SourceInput,
  type SourceLeftOut,
  type SourceRecord,
} from '../../node/documents/source-record.ts';
import { hashFile } from '../../node/files/hash-file.ts';
import { makeFolder } from '../../node/files/make-folder.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { cleaningVersion, readerVersion } from '../../shared/domain/documents.ts';
import { describeProblem } from '../../shared/errors.ts';
import { charloomVersion } from '../../shared/version.ts';
import type { ForkProcess } from '../process.ts';
import { buildText, type BuildRequest, type BuiltInput, type BuiltText } from './build-text.ts';
import type { ReadFileHooks } from './read-file.ts';
import type { LeftOutInput, RecipeFile } from './read-inputs.ts';

/** A text that is kept with everything that it was made from. */
export interface KeptText {
  readonly path: string;
  readonly record: SourceRecord;
}

export interface KeepRequest extends Omit<BuildRequest, 'output'> {
  /** The folder that contains one folder for each such text. */
  readonly home: string;
  /** What the text is called. */
  readonly title: string;
}

interface HashedFile extends RecipeFile {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Makes a text from files and stores it in its own folder, with its originals and a record of how it was made. The same files and choices give the
 * text that already exists.
 * @throws CharloomError as buildText does
 */
export async function keepText(
  fork: ForkProcess,
  request: KeepRequest,
  hooks: ReadFileHooks = {},
): Promise<KeptText> {
  const files = await hashFiles(request.files);
  const folder = join(request.home, identityOf(files, request));
  const known = await readSourceRecord(folder);
  if (known !== undefined && (await isWhole(folder, known))) {
    return { path: join(folder, known.result.file), record: known };
  }
  // Complete or absent: a partial result is not a text.
  const making = join(request.home, `.making-${randomUUID().slice(0, 8)}`);
  return withStorageErrors('keep the text', request.home, async () => {
    try {
      await makeFolder(join(making, originalsFolder), 'keep the text');
      const file = fileNameOf(request.title);
      const built = await buildText(fork, { ...request, output: join(making, file) }, hooks);
      const record = await recordOf(built, request, files, file, making);
      await writeSourceRecord(making, record);
      await rm(folder, { recursive: true, force: true });
      await rename(making, folder);
      return { path: join(folder, file), record };
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  });
}

async function hashFiles(files: readonly RecipeFile[]): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const file of files) {
    await withStorageErrors(`read ${file.name}`, file.path, async () => {
      const { size } = await stat(file.path);
      hashed.push({ ...file, bytes: size, sha256: await hashFile(file.path) });
    });
  }
  return hashed;
}

/** The same for the same content, order and recipe. */
function identityOf(
  files: readonly HashedFile[],
  { recipe, separator, title }: Omit<KeepRequest, 'files'>,
): string {
  const inputs = files.map(({ name, sha256, own }) =>
    own === undefined ? [name, sha256] : [name, sha256, own],
  );
  const identity = JSON.stringify([inputs, recipe, separator, title, readerVersion, cleaningVersion]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

async function isWhole(folder: string, { result }: SourceRecord): Promise<boolean> {
  return (await hashFile(join(folder, result.file)).catch(() => '')) === result.sha256;
}

async function recordOf(
  { inputs, leftOut, composed }: BuiltText,
  { recipe, separator }: KeepRequest,
  files: readonly HashedFile[],
  file: string,
  folder: string,
): Promise<SourceRecord> {
  const kept: SourceInput[] = [];
  for (const [index, input] of inputs.entries()) {
    const hashed = files.find(({ path }) => path === input.file.path);
    if (hashed === undefined) continue;
    const original = await keepOriginal(input.file, index + 1, folder);
    kept.push(recordOfInput(input, hashed, original, input.file.own?.choices ?? recipe.choices));
  }
  const { characters, bytes, sha256 } = composed;
  return {
    formatVersion: 1,
    charloom: charloomVersion,
    inputs: kept,
    leftOut: await recordsOfLeftOut(leftOut, kept.length, folder),
    separator,
    result: { file, characters, bytes, sha256 },
  };
}

async function recordsOfLeftOut(
  leftOut: readonly LeftOutInput[],
  before: number,
  folder: string,
): Promise<readonly SourceLeftOut[]> {
  const records: SourceLeftOut[] = [];
  for (const [index, { file, error }] of leftOut.entries()) {
    const record = { name: file.name, reason: describeProblem(error) };
    // Any other file would be just as unreadable next time.
    const isLocked = error.advice?.kind === 'give-password';
    const number = before + index + 1;
    records.push(isLocked ? { ...record, original: await keepOriginal(file, number, folder) } : record);
  }
  return records;
}

/** Copies a file into a text's folder; returns its name there. */
async function keepOriginal({ path, name }: RecipeFile, number: number, folder: string): Promise<string> {
  const original = `${originalsFolder}/${number}-${safeName(basename(name))}`;
  await copyFile(path, join(folder, original), constants.COPYFILE_FICLONE);
  return original;
}

function recordOfInput(
  { report, part, composed }: BuiltInput,
  { name, bytes, sha256 }: HashedFile,
  original: string,
  choices: SourceInput['choices'],
): SourceInput {
  return {
    ...{ name, bytes, sha256, kind: report.kind, original, readerVersion },
    // A password opens more than this file.
    choices: { ...choices, password: null },
    steps: [...report.steps, ...composed.steps],
    cleaning: part.steps,
    cleaningVersion,
    characters: composed.characters,
    problems: report.problems,
    members: report.members,
    choice: report.choice,
    found: composed.found,
  };
}

/** "letters.docx" becomes "letters.txt". */
function fileNameOf(title: string): string {
  const stem = safeName(basename(title, extname(title)));
  return `${stem}.txt`;
}

/** A name that every file system accepts. */
function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a name must not hold
  const plain = name.replace(/[/\\:*?"<>|\u0000-\u001f]+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  return Array.from(plain).slice(-80).join('').trim() || 'text';
}
