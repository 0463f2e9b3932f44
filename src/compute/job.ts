import type { Command } from '../shared/compute/messages.ts';

/** A job under way. */
export interface RunningJob {
  /** Rejects with the error. A job that answers requests while it is open never settles on its own. */
  readonly ended: Promise<void>;
  onCommand?(command: Command): void;
  /** The parent has ended: finish soon. Without this callback the process ends immediately. */
  onGone?(): void;
}
