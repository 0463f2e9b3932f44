import type { Command } from '../shared/compute/messages.ts';

/** A job under way. */
export interface RunningJob {
  /** Rejects with what went wrong. A job that answers while it is open never settles by itself. */
  readonly ended: Promise<void>;
  onCommand?(command: Command): void;
  /** The parent is gone: end soon. Without it the process ends at once. */
  onGone?(): void;
}
