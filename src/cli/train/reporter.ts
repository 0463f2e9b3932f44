import type { SessionHooks } from '../../node/session/session-types.ts';
import type { RunVerdict } from '../../runs/verdict.ts';
import type { ReportedEnd } from '../../shared/domain/run-end.ts';

export interface RunEnd {
  readonly run: string;
  /** What to type to mean this run. */
  readonly runArgument: string;
  readonly end: ReportedEnd;
  readonly iteration: number;
  /** The checkpoint with the lowest validation loss; null if none was saved. */
  readonly best: { readonly path: string; readonly validationLoss: number } | null;
  readonly verdict: RunVerdict;
  /** False if the disk had no space for the last part; this has already been reported. */
  readonly isSaved: boolean;
}

/** Reports on a run to a terminal, a log or a script. */
export interface TrainReporter extends SessionHooks {
  /** A stop was requested and the current step is being finished. */
  stopping(): void;
  done(end: RunEnd): void;
}

/** What an explosion leaves behind. */
export function keptWords(hasCheckpoint: boolean): string {
  return hasCheckpoint ? 'earlier checkpoints are intact' : 'no checkpoint had been saved';
}
