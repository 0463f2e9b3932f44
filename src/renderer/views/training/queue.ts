import type { Run } from '../../../shared/domain/run.ts';

/** Runs that wait, in the order in which they will begin; `list` is in that order. */
export function queueOf(list: readonly Run[]): readonly Run[] {
  return list.filter(({ state }) => state === 'waiting');
}
