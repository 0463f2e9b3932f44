import { runPaths } from '../../node/files/run-folder.ts';
import { LineFollower } from '../../runs/line-follower.ts';
import { CharloomError } from '../../shared/errors.ts';

const maxLines = 300;

/** Reads a run's log as it grows. A run can be shown without its log: one that cannot be read counts as empty. */
export class LogFollower {
  readonly #lines: LineFollower;

  constructor(runFolder: string) {
    this.#lines = new LineFollower(runPaths(runFolder).log, 'read the log');
  }

  /** The lines added since the last call, in order; at most the last 300. */
  async read(): Promise<readonly string[]> {
    let last: readonly string[] = [];
    try {
      for await (const lines of this.#lines.read()) last = [...last, ...lines].slice(-maxLines);
    } catch (error) {
      if (!(error instanceof CharloomError)) throw error;
    }
    return last;
  }
}
