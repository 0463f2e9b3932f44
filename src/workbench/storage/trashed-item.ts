import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { exists } from '../../node/files/exists.ts';
import { runPaths } from '../../node/files/run-folder.ts';
import { glimpseCreated } from '../../runs/library.ts';
import type { TrashedItem } from '../../shared/domain/trash.ts';
import { CharloomError } from '../../shared/errors.ts';
import { readNotes } from '../runs/notes-store.ts';

/**
 * What an item of the trash is, judged by its original location: this also works for removals by earlier versions.
 * @param kept where it is now
 */
export async function describeItem(from: string, kept: string): Promise<TrashedItem> {
  const run = runOfCheckpoint(from);
  if (run !== undefined) return { kind: 'checkpoint', name: basename(from), run: basename(run) };
  if (!(await stat(kept)).isDirectory()) return { kind: 'model', name: basename(from), run: null };
  const { name } = await readNotes(kept);
  return { kind: 'run', name: name ?? basename(from), run: basename(from) };
}

/**
 * Whether an item can return to its place.
 * @param removed when it was removed
 * @throws CharloomError 'not-found' if the run of a checkpoint is gone, 'storage' if another item has its place
 */
export async function checkPlace(from: string, removed: string): Promise<void> {
  const run = runOfCheckpoint(from);
  if (run !== undefined) await checkRun(run, removed);
  if (!(await exists(from))) return;
  const other = run === undefined ? 'item' : 'checkpoint';
  throw new CharloomError('storage', `${basename(from)} cannot be restored: another ${other} has its name.`, {
    fix: `Move the other ${other} to the trash first.`,
  });
}

/** A checkpoint returns only to its own run: another run may have that run's name by now. */
async function checkRun(run: string, removed: string): Promise<void> {
  const name = basename(run);
  if (!(await exists(run))) {
    throw new CharloomError('not-found', `The run “${name}”, which the checkpoint is from, does not exist.`, {
      fix: 'If the run is in the trash, restore the run first.',
    });
  }
  const created = Date.parse(await glimpseCreated(run));
  if (!(created > Date.parse(removed))) return;
  throw new CharloomError(
    'storage',
    `The checkpoint cannot be restored: “${name}” is now another run than the one it is from.`,
  );
}

/** The folder of the run that a checkpoint is from; undefined for anything else. */
function runOfCheckpoint(path: string): string | undefined {
  const run = dirname(dirname(path));
  return runPaths(run).checkpoints === dirname(path) ? run : undefined;
}
