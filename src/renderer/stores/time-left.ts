import { evaluationsLeft } from '../../shared/planning/evaluations.ts';

/** What remains of a run, and how fast it has been. */
export interface Work {
  readonly iteration: number;
  readonly iterations: number;
  readonly evaluateEvery: number;
  /** Chunks that one evaluation reads, all its passes together. */
  readonly validationChunks: number;
  /** Milliseconds of the last steps. */
  readonly recent: ArrayLike<number>;
  /** How long the last evaluation took; null when none was seen. */
  readonly evaluationMilliseconds: number | null;
}

/** A forward pass alone takes about this fraction of a training step. */
const forwardShare = 0.35;
/** Fraction of the slowest and of the fastest steps that are not counted: the machine may have slept or swapped. */
const outliers = 0.05;

/** Milliseconds until a run is done, including evaluations; null if unknown. */
export function timeLeft(work: Work): number | null {
  const step = typicalStep(work.recent);
  if (step === null) return null;
  const steps = Math.max(0, work.iterations - work.iteration);
  const evaluation = work.evaluationMilliseconds ?? work.validationChunks * step * forwardShare;
  return steps * step + evaluationsLeft(work) * evaluation;
}

/** The mean of the steps without outliers. */
export function typicalStep(recent: ArrayLike<number>): number | null {
  if (recent.length === 0) return null;
  const sorted = Array.from(recent).toSorted((a, b) => a - b);
  const cut = Math.floor(sorted.length * outliers);
  const kept = sorted.slice(cut, sorted.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** Null while no step is known. */
export function charactersPerSecond(recent: ArrayLike<number>, charactersPerStep: number): number | null {
  const step = typicalStep(recent);
  return step === null || step <= 0 ? null : (charactersPerStep / step) * 1000;
}
