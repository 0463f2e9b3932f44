import type { RunSettings } from '../shared/domain/run-settings.ts';

/** What a run was planned to do: with what it has done, this shows whether it can still improve. */
export interface RunCourse {
  readonly settings: Pick<RunSettings, 'schedule' | 'patience'>;
  /** Iterations planned. */
  readonly iterations: number;
  /** True when nothing is left to do: the last iteration is done, or patience has ended the run before. */
  readonly isFinished: boolean;
}

/** The course of a run as lists and run.json describe it; null where its settings cannot be read. */
export function courseOf({
  settings,
  iterations,
  state,
}: {
  readonly settings: RunCourse['settings'] | null;
  readonly iterations: number;
  readonly state: string;
}): RunCourse | null {
  return settings === null ? null : { settings, iterations, isFinished: state === 'finished' };
}

/** The position of a run in its schedule. */
export type Stage =
  /** There is no plan, or the learning rate has none: only losses count. */
  | { readonly kind: 'open' }
  /** The learning rate falls to zero at the planned end; this share of the iterations is done, 0 to 1. */
  | { readonly kind: 'falling'; readonly done: number }
  /** The learning rate has reached zero. */
  | { readonly kind: 'at-zero' }
  /** The loss had not improved for as long as the settings allow. */
  | { readonly kind: 'ended-early'; readonly patience: number };

/** The position of a run after this many iterations. */
export function stageOf(course: RunCourse | null, iteration: number): Stage {
  if (course === null) return { kind: 'open' };
  const { settings, iterations, isFinished } = course;
  if (isFinished && settings.patience > 0 && iteration < iterations)
    return { kind: 'ended-early', patience: settings.patience };
  const falls = settings.schedule === 'cosine' || settings.schedule === 'linear';
  if (!falls || iterations === 0) return { kind: 'open' };
  return iteration >= iterations ? { kind: 'at-zero' } : { kind: 'falling', done: iteration / iterations };
}
