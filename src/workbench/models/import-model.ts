import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isForeignSafetensors } from '../../node/files/checkpoint-files.ts';
import { withStorageErrors } from '../../node/files/storage-error.ts';
import { importInProcess } from '../../processes/import-model.ts';
import type { ModelReference } from '../../shared/domain/run.ts';
import type { WorkbenchContext } from '../context.ts';
import { contained } from '../storage/contained.ts';
import { receiveFile } from '../storage/receive.ts';

type Context = Pick<WorkbenchContext, 'imported' | 'changes' | 'models' | 'options'>;

/**
 * Imports a model from a file or folder of this machine. A Charloom checkpoint is stored among the imported models; a model of another program
 * becomes a run, which shows the losses recorded in its file.
 * @throws CharloomError 'bad-checkpoint', 'incompatible', 'not-found' or 'storage'
 */
export async function importModelFile(context: Context, path: string): Promise<ModelReference> {
  if (path.endsWith('.safetensors') && !(await isForeignSafetensors(path))) {
    const { file } = await context.models.add(path);
    return { kind: 'imported', file };
  }
  const { fork, runsFolder } = context.options;
  const { folder } = await importInProcess(fork, { path, runsFolder });
  await context.changes.refresh();
  return { kind: 'run', run: basename(folder), file: null };
}

/** The same for an upload. */
export async function receiveModelFile(
  context: Context,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<ModelReference> {
  const path = await receiveFile(join(context.models.folder, '.received'), name, content);
  try {
    return await importModelFile(context, path);
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}

/**
 * The same for a folder whose files were imported one by one.
 * @param name of the folder
 * @param parts ids of the imported files; they are released
 */
export async function importModelParts(
  context: Context,
  { name, parts }: { readonly name: string; readonly parts: readonly string[] },
): Promise<ModelReference> {
  const { imported } = context;
  const temporary = await mkdtemp(join(tmpdir(), 'charloom-model-'));
  try {
    const folder = contained(temporary, name);
    await withStorageErrors('read the model', temporary, async () => {
      await mkdir(folder);
      for (const id of parts) {
        for (const file of await imported.list(id)) {
          // The files of such a model are in one folder; parent folders do not matter.
          await copyFile(file.path, contained(folder, basename(file.name)));
        }
      }
    });
    return await importModelFile(context, folder);
  } finally {
    await imported.release(parts);
    await rm(temporary, { recursive: true, force: true });
  }
}
