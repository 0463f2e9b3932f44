import { comparePositions, type RunPosition } from '../files/moments.ts';

/** A save that a run may return to: all are scheduled, of a model that had learned something. */
interface Kept {
  readonly metadata: RunPosition;
}

/**
 * Where a run can return to after an explosion at `moment`, best first: the last good checkpoint, then the one before it, and so on, and finally the
 * beginning. A checkpoint that the run returned to, only to explode again before saving the next, was not good: the one before it then comes first.
 *
 * Each roll-back starts a new stretch (`recoveries` counts them). What came after a stretch's starting point no longer belongs to the history, so the
 * way back leads from a stretch's first checkpoint to that point.
 */
export function rollbackTargets<T extends Kept>(saves: readonly T[], moment: RunPosition): readonly T[] {
  const good = saves
    .filter(({ metadata }) => comparePositions(metadata, moment) <= 0)
    .toSorted((a, b) => comparePositions(b.metadata, a.metadata));
  /** Where each stretch began; undefined is the beginning of the run. */
  const begins: (T | undefined)[] = [undefined];
  /** A checkpoint saved at the starting point of a stretch is that point again, for a run that was stopped, or asked for a checkpoint, just then. */
  const lastOf = (stretch: number, before = Infinity): T | undefined =>
    good.find(
      ({ metadata: { recoveries, iteration } }) =>
        recoveries === stretch &&
        iteration < before &&
        iteration > (begins[stretch]?.metadata.iteration ?? 0),
    );
  /** Undefined is the beginning of the run. */
  const previous = (save: T | undefined): T | undefined =>
    save && (lastOf(save.metadata.recoveries, save.metadata.iteration) ?? begins[save.metadata.recoveries]);
  for (let stretch = 1; stretch <= moment.recoveries + 1; stretch++) {
    begins.push(lastOf(stretch - 1) ?? previous(begins[stretch - 1]));
  }
  const targets: T[] = [];
  for (let save = begins.at(-1); save !== undefined; save = previous(save)) targets.push(save);
  return targets;
}
