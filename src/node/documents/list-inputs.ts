import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { naturally } from '../../engine/documents/natural-order.ts';
import { CharloomError } from '../../shared/errors.ts';

/** A file that becomes part of a text. */
export interface InputFile {
  readonly path: string;
  /** Its name, with the folders between it and the given folder. */
  readonly name: string;
}

const limits = { files: 10_000, depth: 20 } as const;

/**
 * The given files and the files in the given folders, in the order given; within a folder in natural order. Hidden files and links in folders are
 * left out.
 * @throws CharloomError 'not-found' or 'bad-text'
 */
export async function listInputs(paths: readonly string[]): Promise<readonly InputFile[]> {
  const inputs: InputFile[] = [];
  for (const path of paths) {
    const status = await stat(path).catch((cause: unknown) => {
      throw new CharloomError('not-found', `There is no file ${path}.`, {
        cause,
        fix: paths.length > 1 ? 'Put a name with spaces in quotes.' : undefined,
      });
    });
    if (!status.isDirectory()) inputs.push({ path, name: basename(path) });
    else {
      const found = await filesIn(path, '', 0);
      if (found.length === 0) {
        throw new CharloomError('bad-text', `${path} is an empty folder.`, {
          fix: 'Give a folder that contains documents or texts.',
        });
      }
      inputs.push(...found);
    }
    if (inputs.length > limits.files) {
      throw new CharloomError('bad-text', `There are more than ${limits.files} files.`, {
        fix: 'Give fewer files, or a folder with fewer files.',
      });
    }
  }
  return inputs;
}

async function filesIn(folder: string, within: string, depth: number): Promise<readonly InputFile[]> {
  if (depth > limits.depth) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries
    .filter(({ name }) => !name.startsWith('.') && !/^(?:Thumbs\.db|desktop\.ini)$/.test(name))
    .toSorted((a, b) => naturally(a.name, b.name));
  const files: InputFile[] = [];
  for (const entry of visible) {
    const path = join(folder, entry.name);
    const name = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isFile()) files.push({ path, name });
    else if (entry.isDirectory()) files.push(...(await filesIn(path, name, depth + 1)));
  }
  return files;
}
