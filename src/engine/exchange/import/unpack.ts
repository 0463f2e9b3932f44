import { CharloomError } from '../../../shared/errors.ts';
import { badCheckpoint } from '../../checkpoints/errors.ts';
import { openArchive } from '../../documents/archive.ts';
import type { ModelSource } from './imported-model.ts';
import { pickle } from './refusals.ts';

/** No model has more files. */
const maxFiles = 500;

/**
 * The files of an archive, as for a folder, within the limits for documents.
 * @throws CharloomError 'bad-checkpoint', or 'incompatible' for the archives that PyTorch writes
 */
export async function unpackModel(bytes: Uint8Array, name: string): Promise<ModelSource> {
  try {
    const archive = await openArchive(bytes, name);
    if (archive.names.some((path) => /(^|\/)data\.pkl$/.test(path))) throw pickle();
    const names = archive.names.filter((path) => !/(^|\/)(\.|__MACOSX\/)/.test(path));
    if (names.length > maxFiles) throw badCheckpoint('it holds more files than any model has');
    archive.expect(names);
    const files = new Map<string, Uint8Array>();
    for (const path of names) {
      const content = await archive.read(path);
      if (content !== undefined) files.set(path, content);
    }
    return { name, files, isFolder: true };
  } catch (error) {
    if (!(error instanceof CharloomError) || error.code !== 'bad-text') throw error;
    throw new CharloomError('bad-checkpoint', error.message, {
      fix: error.advice ?? error.fix,
      cause: error,
    });
  }
}

/** The folder that contains a file, and the paths of its files: models are often packed inside a folder. */
export function folderWith(
  files: ModelSource['files'],
  name: string,
): ReadonlyMap<string, Uint8Array> | undefined {
  const paths = [...files.keys()].filter((path) => path === name || path.endsWith(`/${name}`));
  const [only, ...more] = paths;
  if (only === undefined || more.length > 0) return undefined;
  const start = only.slice(0, only.length - name.length);
  const within = [...files].filter(([path]) => path.startsWith(start));
  return new Map(within.map(([path, content]) => [path.slice(start.length), content]));
}
