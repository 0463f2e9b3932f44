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

/** A moment that a run is resumed from. */
export interface ResumePosition extends RunPosition {
  /** Whether a checkpoint of this moment was kept: without one, an evaluation of it was lost with the process and is made again. */
  readonly isMeasured: boolean;
}

/** Follows a log line by line and decides which lines belong to the run up to a position. */
export class PositionFilter {
  readonly #until: ResumePosition;
  #recoveries = 0;

  constructor(until: ResumePosition) {
    this.#until = until;
  }

  /** Whether the line happened at or before the moment; damaged lines count with their neighbours. */
  includes(line: string): boolean {
    const event = decodeMetric(line);
    if (event?.kind === 'rollback') this.#recoveries += 1;
    const iteration = event === undefined || event.kind === 'rollback' ? 0 : event.iteration;
    const order = comparePositions({ iteration, recoveries: this.#recoveries }, this.#until);
    const isMadeAgain = order === 0 && event?.kind === 'evaluation' && !this.#until.isMeasured;
    return order <= 0 && !isMadeAgain;
  }
}
