import { CharloomError } from '../../shared/errors.ts';
import type { WorkbenchContext } from '../context.ts';
import { planPrune } from './prune.ts';

type Parts = Pick<WorkbenchContext, 'library' | 'trash' | 'options'>;

/** Runs being tidied: the next checkpoint may arrive before the previous tidying has finished. */
const under = new Map<string, Promise<void>>();

/**
 * Removes checkpoints of a run according to the settings. A run that recovers from explosions may have to return to any of its scheduled checkpoints,
 * and which one must not depend on the time of removal: such a run is tidied after it has ended.
 */
export async function keepBest(parts: Parts, run: string, when: 'training' | 'ended'): Promise<void> {
  const folder = parts.library.folder(run);
  const work = (): Promise<void> => tidy(parts, run, when);
  const done = (under.get(folder) ?? Promise.resolve()).then(work, work);
  under.set(folder, done);
  try {
    await done;
  } finally {
    if (under.get(folder) === done) under.delete(folder);
  }
}

async function tidy({ library, trash, options }: Parts, run: string, when: string): Promise<void> {
  const { keepBest: keep } = options.settings.get();
  if (keep === 0) return;
  try {
    const { settings } = await library.get(run);
    if (when === 'training' && settings?.onExplosion !== 'stop') return;
    const { remove } = await planPrune(library.folder(run), keep);
    if (remove.length > 0) await trash.remove(remove);
  } catch (error) {
    // The run may no longer exist, or the file was removed already: nothing to do.
    if (!(error instanceof CharloomError)) throw error;
  }
}
