import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ModelSource } from '../../engine/exchange/import/imported-model.ts';
import { CharloomError } from '../../shared/errors.ts';
import { openPlain } from '../files/plain-file.ts';
import { systemCode, withStorageErrors } from '../files/storage-error.ts';

/** The largest model that can be read: a char-rnn model of about 100 million parameters, with their gradients. */
const maxBytes = 2 ** 31 - 2 ** 20;
const maxFiles = 500;
const maxDepth = 4;

/**
 * Reads a file, or every file of a folder, to import. Links in a folder are not followed.
 * @throws CharloomError 'not-found', 'storage', or 'bad-checkpoint' for more than any model needs
 */
export async function readModelSource(path: string): Promise<ModelSource> {
  const root = resolve(path);
  const name = basename(root);
  return withStorageErrors(`read ${name}`, root, async () => {
    const files = new Map<string, Uint8Array>();
    const isFolder = (await statOf(root, path)).isDirectory();
    if (!isFolder) files.set(name, await readWhole(root, 0));
    else await readFolder(root, '', files, 0);
    if (files.size === 0) throw emptyFolder(name);
    return { name, files, isFolder };
  });
}

async function statOf(root: string, path: string): ReturnType<typeof lstat> {
  try {
    return await lstat(root);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new CharloomError('not-found', `There is no file or folder at ${path}.`, { cause: error });
  }
}

async function readFolder(
  root: string,
  within: string,
  files: Map<string, Uint8Array>,
  depth: number,
): Promise<void> {
  if (depth > maxDepth) throw tooMuch();
  for (const entry of await readdir(join(root, within), { withFileTypes: true })) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory()) await readFolder(root, path, files, depth + 1);
    else if (entry.isFile() && !entry.name.startsWith('.')) {
      if (files.size === maxFiles) throw tooMuch();
      files.set(path, await readWhole(join(root, path), total(files)));
    }
  }
}

function total(files: ReadonlyMap<string, Uint8Array>): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}

async function readWhole(path: string, before: number): Promise<Uint8Array> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    if (before + size > maxBytes) throw tooMuch();
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function emptyFolder(name: string): CharloomError {
  return new CharloomError('bad-checkpoint', `There are no files in the folder ${name}.`, {
    fix: 'Choose the file of a model, or the folder that holds it.',
  });
}

function tooMuch(): CharloomError {
  return new CharloomError('bad-checkpoint', 'This is more than any model that Charloom can read.', {
    fix: 'Choose the file of one model, or the folder that holds it.',
  });
}
