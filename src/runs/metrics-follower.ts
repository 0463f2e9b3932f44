import { decodeMetric } from '../node/files/metrics.ts';
import type { MetricEvent } from '../shared/domain/run-event.ts';
import { LineFollower } from './line-follower.ts';

/** Reads a run's metrics as they grow: each call gives what has been added since the one before. */
export class MetricsFollower {
  readonly #lines: LineFollower;

  constructor(path: string) {
    this.#lines = new LineFollower(path, 'read the metrics');
  }

  /** In portions of about a megabyte; damaged lines are skipped. */
  async *read(): AsyncGenerator<readonly MetricEvent[]> {
    for await (const lines of this.#lines.read()) {
      yield lines.map(decodeMetric).filter((event) => event !== undefined);
    }
  }
}
