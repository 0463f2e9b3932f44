import { decodeMetric } from './metrics.ts';

/** A moment of a run: after a rollback the same iteration comes again. */
export interface RunPosition {
  readonly iteration: number;
  readonly recoveries: number;
}

/** Negative when `a` comes before `b`. */
export function comparePositions(a: RunPosition, b: RunPosition): number {
  return a.recoveries - b.recoveries || a.iteration - b.iteration;
}

/** Follows a log line by line and says which lines belong to the run up to a moment. */
export class PositionFilter {
  readonly #until: RunPosition;
  #recoveries = 0;

  constructor(until: RunPosition) {
    this.#until = until;
  }

  /** Whether the line happened at or before the moment; damaged lines count with their neighbours. */
  includes(line: string): boolean {
    const event = decodeMetric(line);
    if (event?.kind === 'rollback') this.#recoveries += 1;
    const iteration = event === undefined || event.kind === 'rollback' ? 0 : event.iteration;
    return comparePositions({ iteration, recoveries: this.#recoveries }, this.#until) <= 0;
  }
}
