import type {
  CheckpointReason,
  EvaluationReport,
  ExplosionReport,
  StepReport,
} from '../../engine/training/training-hooks.ts';
import type { RunVerdict } from '../../runs/verdict.ts';
import type { ToldEnd } from '../../shared/domain/run-ends.ts';

/** What is known when a run starts or goes on. */
export interface RunStart {
  /** The run folder. */
  readonly run: string;
  readonly resumed: boolean;
  /** What it learns from, for people: a file's name, or the bundled book's title. */
  readonly text: string;
  readonly encoding: string;
  readonly characters: number;
  readonly vocabularySize: number;
  readonly chunks: { readonly train: number; readonly validation: number; readonly test: number };
  /** Iterations done already. */
  readonly iteration: number;
  readonly iterations: number;
  readonly iterationsPerEpoch: number;
  readonly evaluateEvery: number;
  /** B times S. */
  readonly symbolsPerStep: number;
  /** For instance "lstm 2x128". */
  readonly model: string;
  readonly parameters: number;
  readonly device: string;
  readonly threads: number;
  /** Bytes the network holds. */
  readonly memoryBytes: number;
}

export interface SavedCheckpoint {
  readonly path: string;
  readonly iteration: number;
  readonly epoch: number;
  readonly validationLoss: number;
  readonly reason: CheckpointReason;
  /** True when it has the lowest validation loss so far. */
  readonly best: boolean;
}

export interface RunEnd {
  readonly run: string;
  /** What to type to mean this run. */
  readonly runArgument: string;
  readonly end: ToldEnd;
  readonly iteration: number;
  /** The checkpoint with the lowest validation loss, null when none was kept. */
  readonly best: { readonly path: string; readonly validationLoss: number } | null;
  readonly verdict: RunVerdict;
}

/** Tells somebody how a run goes: a person at a terminal, the reader of a log, or a script. */
export interface TrainReporter {
  start(start: RunStart): void;
  step(report: StepReport): void;
  /** Progress of an evaluation, 0..1. */
  evaluating(fraction: number): void;
  evaluation(report: EvaluationReport): void;
  checkpoint(checkpoint: SavedCheckpoint): void;
  explosion(report: ExplosionReport): void;
  notice(message: string): void;
  /** A stop was asked for and the current step is being finished. */
  stopping(): void;
  done(end: RunEnd): void;
}

/** What an explosion leaves behind. */
export function keptWords(hasCheckpoint: boolean): string {
  return hasCheckpoint ? 'every checkpoint before it is kept' : 'no checkpoint had been kept before';
}
