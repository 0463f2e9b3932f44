import type { SweepTaskState } from '../../shared/domain/sweep.ts';
import type { SweepChanges, SweepValue } from '../../shared/domain/sweep-space.ts';
import { definitionOf } from '../../shared/planning/sweep-axes.ts';

/** How a task differs from the others, by names on the command line. */
export function changesInFlags(changes: SweepChanges): Record<string, SweepValue> {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [definitionOf(key)?.flag ?? key, value]),
  );
}

/** The same in words: "rnn-size 128, learning-rate 0.002". */
export function changesInWords(changes: SweepChanges): string {
  return Object.entries(changesInFlags(changes))
    .map(([flag, value]) => `${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)}`)
    .join(', ');
}

/** Each state as displayed. */
export const stateWords: Readonly<Record<SweepTaskState, string>> = {
  planned: 'planned',
  waiting: 'waiting',
  restarting: 'waits for another turn',
  running: 'running',
  finished: 'finished',
  exploded: 'exploded',
  'stopped-early': 'stopped early',
  cancelled: 'cancelled',
  stopped: 'stopped',
  failed: 'failed',
  lost: 'lost',
};
