import { lstat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { nameSchema } from '../../shared/domain/common.ts';
import { CharloomError } from '../../shared/errors.ts';

/**
 * The path of something inside a folder, from a name sent by a page: a single plain name that never leads out of the folder.
 * @throws CharloomError('usage')
 */
export function contained(folder: string, name: string): string {
  const path = join(resolve(folder), name);
  if (nameSchema.safeParse(name).success && path.startsWith(`${resolve(folder)}${sep}`)) return path;
  throw new CharloomError('usage', 'This is not the name of a file or run.');
}

/**
 * The same for a path that must be an existing file: links are not followed out of the folder.
 * @throws CharloomError 'not-found' or 'usage'
 */
export async function containedFile(folder: string, name: string, what: string): Promise<string> {
  const path = contained(folder, name);
  const status = await lstat(path).catch(() => undefined);
  if (status?.isFile() === true) return path;
  throw new CharloomError('not-found', `${what} ${name} no longer exists.`);
}
