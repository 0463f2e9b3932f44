import { decodeMetric } from './metrics.ts';

/** A position in a run: after a rollback the same iteration occurs again. */
export interface RunPosition {
  readonly iteration: number;
  readonly recoveries: number;
}

/** Negative when `a` comes before `b`. */
export function comparePositions(a: RunPosition, b: RunPosition): number {
  return a.recoveries - b.recoveries || a.iteration - b.iteration;
}

/** A position that a run is resumed from. */
export interface ResumePosition extends RunPosition {
  /** Whether a checkpoint of this position was saved: without one, its evaluation was lost with the process and is repeated. */
  readonly isMeasured: boolean;
}

/** Follows a log line by line and decides which lines belong to the run up to a position. */
export class PositionFilter {
  readonly #until: ResumePosition;
  #recoveries = 0;

  constructor(until: ResumePosition) {
    this.#until = until;
  }

  /** Whether the line was written at or before the position; damaged lines are treated like their neighbours. */
  includes(line: string): boolean {
    const event = decodeMetric(line);
    if (event?.kind === 'rollback') this.#recoveries += 1;
    const iteration = event === undefined || event.kind === 'rollback' ? 0 : event.iteration;
    const order = comparePositions({ iteration, recoveries: this.#recoveries }, this.#until);
    const isMadeAgain = order === 0 && event?.kind === 'evaluation' && !this.#until.isMeasured;
    return order <= 0 && !isMadeAgain;
  }
}
