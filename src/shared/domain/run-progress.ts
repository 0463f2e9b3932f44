import { formatShare } from '../format/numbers.ts';
import type { Run } from './run.ts';
import type { RunState } from './run-state.ts';

/** The progress of the run that trains: for a title, a task bar, an icon. */
export interface RunProgress {
  readonly run: string;
  readonly name: string;
  readonly state: RunState;
  /** Iterations done, 0..1; null while its text is read. */
  readonly fraction: number | null;
}

/** The progress of a run. */
export function progressOf({ id, name, state, iteration, iterations }: Run): RunProgress {
  const isUnknown = state === 'starting' || iterations === 0;
  return { run: id, name, state, fraction: isUnknown ? null : Math.min(1, iteration / iterations) };
}

/** The progress in a few words, most important first, because titles are cut at their end: "42 % · Alice", "Paused at 42 % · Alice". */
export function progressWords({ name, state, fraction }: RunProgress): string {
  return `${stateWords(state, fraction)} · ${name}`;
}

function stateWords(state: RunState, fraction: number | null): string {
  if (state === 'stopping') return 'Saving';
  if (fraction === null) return 'Starting';
  // Rounded down: 100 % means done, not nearly done.
  const share = formatShare(Math.floor(fraction * 100 + 1e-9) / 100);
  return isPaused(state) ? `Paused at ${share}` : share;
}

/** Whether a run is paused on request, or is about to be. */
export function isPaused(state: RunState): boolean {
  return state === 'paused' || state === 'pausing';
}
