import { stat } from 'node:fs/promises';
import type { Corpus } from '../../engine/dataset/corpus.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import { writeAtomically } from '../files/atomic.ts';
import type { DiskRoom } from './disk-room.ts';
import { measureBaselines } from '../texts/corpus-queries.ts';

/** A larger text would delay its run by more than a few seconds. */
const maxSymbols = 20_000_000;

/** Measures the losses of counting alone on a run's split, once, so that its curves can be compared with them. */
export async function keepBaselines(
  corpus: Corpus,
  plan: ChunkPlan,
  { path, room, signal }: { readonly path: string; readonly room: DiskRoom; readonly signal: AbortSignal },
): Promise<void> {
  if (corpus.symbols.length > maxSymbols) return;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  try {
    const baselines = await measureBaselines(corpus, plan, { signal });
    const content = `${JSON.stringify(baselines, null, 2)}\n`;
    await room.write(() => writeAtomically(path, [content], 'keep the baselines'));
  } catch (error) {
    // A run that is asked to stop this early stops soon anyway.
    if (!(error instanceof CharloomError && error.code === 'cancelled')) throw error;
  }
}
