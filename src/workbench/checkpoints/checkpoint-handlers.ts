import { basename } from 'node:path';
import { runPaths } from '../../node/files/run-folder.ts';
import type { RequestHandlers, RequestParams } from '../../shared/ipc/contract.ts';
import type { Removal } from '../../shared/domain/checkpoint.ts';
import type { WorkbenchContext } from '../context.ts';
import { containedFile } from '../storage/contained.ts';
import { sizeOf } from '../../node/files/sizes.ts';
import { viewCheckpoints } from './checkpoint-list.ts';
import { planPrune, planRemoval, type PrunePlan } from './prune.ts';

type Names = Extract<keyof RequestHandlers, `checkpoints.${string}` | `trash.${string}`>;

export function checkpointHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { library, trash, changes, scheduler } = context;
  return {
    'checkpoints.list': ({ run }) => viewCheckpoints(library.folder(run)),
    'checkpoints.mark': (params) => mark(context, params),
    'checkpoints.remove': async ({ run, files, evenBest }) => {
      const { checkpoints } = runPaths(library.folder(run));
      const paths = await Promise.all(
        [...new Set(files)].map((file) => containedFile(checkpoints, file, 'The checkpoint')),
      );
      return carryOut(context, await planRemoval(library.folder(run), paths, evenBest));
    },
    'checkpoints.prune': async ({ run, keep, dryRun }) => {
      const plan = await planPrune(library.folder(run), keep);
      return dryRun ? preview(plan) : carryOut(context, plan);
    },
    'trash.undo': async ({ undo }) => {
      await trash.undo(undo);
      // A run that was removed from the queue waits in it again.
      await scheduler.adopt();
      await changes.refresh();
      return null;
    },
    'trash.list': () => trash.list(),
    'trash.size': () => trash.size(),
    'trash.empty': async () => ({ bytes: await trash.empty() }),
  };
}

async function mark(
  { library, notes, changes }: WorkbenchContext,
  { run, file, star, note }: RequestParams<'checkpoints.mark'>,
): Promise<null> {
  const { path } = await library.get(run);
  await containedFile(runPaths(path).checkpoints, file, 'The checkpoint');
  await notes.change(path, (before) => {
    const others = Object.fromEntries(Object.entries(before.checkpoints).filter(([name]) => name !== file));
    const isBlank = !star && note === '';
    return {
      ...before,
      checkpoints: isBlank ? others : { ...others, [file]: { ...before.checkpoints[file], star, note } },
    };
  });
  await changes.lookAt(run);
  return null;
}

async function preview({ remove, kept }: PrunePlan): Promise<Removal> {
  const sizes = await Promise.all(remove.map(sizeOf));
  const files = remove.map((path) => basename(path));
  return { undo: 'preview', bytes: sizes.reduce((sum, size) => sum + size, 0), files, kept };
}

async function carryOut({ trash, changes }: WorkbenchContext, { remove, kept }: PrunePlan): Promise<Removal> {
  const removal = await trash.remove(remove, kept);
  await changes.refresh();
  return removal;
}
