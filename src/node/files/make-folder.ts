import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CharloomError } from '../../shared/errors.ts';
import { storageError, systemCode } from './storage-error.ts';

/**
 * Makes a folder and its parents; an existing one is fine. Node's own `recursive` loops for ever if the system reports a folder as missing but will
 * not create it (below /proc); this function ends.
 * @param action what is being done, following "Could not"
 * @throws CharloomError('storage')
 */
export async function makeFolder(path: string, action = 'make the folder'): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    throw explain(error, action, path);
  }
}

/** The same, synchronously. */
export function makeFolderSync(path: string, action = 'make the folder'): void {
  try {
    makeSync(path);
  } catch (error) {
    throw explain(error, action, path);
  }
}

async function make(path: string): Promise<void> {
  const problem = await mkdir(path).catch((error: unknown) => error);
  if (problem === undefined || (await isFolder(path))) return;
  if (!canMakeParent(problem, path)) throw problem;
  await make(dirname(path));
  // Another process may have created it.
  const again = await mkdir(path).catch((error: unknown) => error);
  if (again !== undefined && !(await isFolder(path))) throw again;
}

function makeSync(path: string): void {
  const problem = attempt(path);
  if (problem === undefined) return;
  if (!canMakeParent(problem, path)) throw problem;
  makeSync(dirname(path));
  const again = attempt(path);
  if (again !== undefined) throw again;
}

/** The error; undefined if the folder exists afterwards. */
function attempt(path: string): unknown {
  try {
    mkdirSync(path);
    return undefined;
  } catch (error) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? undefined : error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function canMakeParent(problem: unknown, path: string): boolean {
  return systemCode(problem) === 'ENOENT' && dirname(path) !== path;
}

function explain(error: unknown, action: string, path: string): unknown {
  switch (systemCode(error)) {
    case 'ENOENT':
      return new CharloomError('storage', `Could not ${action}: the folder cannot be created (${path}).`, {
        fix: { kind: 'choose-folder', alternative: 'none' },
        cause: error,
      });
    case 'EEXIST':
      // Windows reports a path below a file as missing, so the file is found when the parent is to be created.
      if (!isAbout(error, path)) {
        return storageError(
          Object.assign(new Error('', { cause: error }), { code: 'ENOTDIR' }),
          action,
          path,
        );
      }
      return new CharloomError('storage', `Could not ${action}: a file has that name (${path}).`, {
        fix: { kind: 'choose-folder', alternative: 'move-file' },
        cause: error,
      });
    default:
      return storageError(error, action, path);
  }
}

/** Whether a failed system call was about this path itself. */
function isAbout(error: unknown, path: string): boolean {
  const failed = (error as NodeJS.ErrnoException).path;
  return failed === undefined || resolve(failed) === resolve(path);
}
