import { bestCheckpoint, listCheckpoints } from '../../runs/checkpoints.ts';
import { readNotes } from '../runs/notes-store.ts';
import { lastName } from './checkpoint-list.ts';

/** What may be removed, and what stays with its reason. */
export interface PrunePlan {
  readonly remove: readonly string[];
  readonly kept: readonly { readonly file: string; readonly reason: string }[];
}

/** What keeping the best `keep` of a run's checkpoints would remove: never the best, the last (which resuming needs) or a starred one. */
export async function planPrune(runFolder: string, keep: number): Promise<PrunePlan> {
  const list = await listCheckpoints(runFolder);
  const notes = (await readNotes(runFolder)).checkpoints;
  const last = lastName(list);
  const remove: string[] = [];
  const kept: { file: string; reason: string }[] = [];
  for (const { path, name } of list.checkpoints.slice(Math.max(1, keep))) {
    if (name === last) kept.push({ file: name, reason: 'it is the last one: the run resumes from it' });
    else if (notes[name]?.star === true) kept.push({ file: name, reason: 'it has a star' });
    else remove.push(path);
  }
  return { remove, kept };
}

/** The best checkpoint is never removed by accident: its file must be named a second time. */
export async function planRemoval(
  runFolder: string,
  paths: readonly string[],
  evenBest: string | null,
): Promise<PrunePlan> {
  const best = bestCheckpoint(await listCheckpoints(runFolder));
  const isProtected = (path: string): boolean => path === best?.path && best.name !== evenBest;
  return {
    remove: paths.filter((path) => !isProtected(path)),
    kept: paths.some(isProtected) ? [{ file: best?.name ?? '', reason: 'it is the best of the run' }] : [],
  };
}
