/**
 * How far a validation loss may be off by chance, and when the difference of two is larger than that.
 *
 * A validation loss is the mean over the chunks of its split: another part of the same book would have given another value. An evaluation is recorded
 * as means over consecutive parts of the split (src/engine/training/evaluate.ts), which are nearly independent if they are long compared with the
 * dependencies in a text: the method of batch means (Law, Simulation Modeling and Analysis, 5th ed., 9.5.3). From m parts with deviation s the
 * standard error is s / sqrt(m).
 *
 * Two evaluations on the same split share what makes a part easy or hard, so they are compared part by part: Student's paired t-test ("The probable
 * error of a mean", 1908). A difference is chance unless it is larger than t times the standard error of the parts' differences, with t for 95 % and
 * m - 1 degrees of freedom. The effect of another seed is a further uncertainty that a single run cannot show.
 */

import { mean } from '../shared/statistics/averages.ts';

/** The wording for a difference within chance. */
export const byChance = 'a small difference, within chance';

/** Fewer parts cannot show their spread: with two, t is 12.7. */
const fewestParts = 3;

/** Half the width of the 95 % interval around an evaluation's loss, in nats per symbol; null when too little is known. */
export function margin(parts: readonly number[] | undefined): number | null {
  if (parts === undefined || parts.length < fewestParts) return null;
  const middle = mean(parts);
  const variance = parts.reduce((sum, part) => sum + (part - middle) ** 2, 0) / (parts.length - 1);
  const half = studentT(parts.length - 1) * Math.sqrt(variance / parts.length);
  return Number.isFinite(half) ? half : null;
}

/**
 * Whether two evaluations of the same split differ by no more than chance; null if that cannot be determined: parts are unknown or too few, or the
 * splits differ.
 */
export function isWithinChance(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
): boolean | null {
  if (a === undefined || b === undefined || a.length !== b.length) return null;
  const differences = a.map((part, index) => part - (b[index] ?? Number.NaN));
  const bound = margin(differences);
  return bound === null ? null : Math.abs(mean(differences)) <= bound;
}

/** The mean of several evaluations of one split, part by part; undefined if one of them has no parts. */
export function meanParts(
  evaluations: readonly (readonly number[] | undefined)[],
): readonly number[] | undefined {
  const known = evaluations.filter((parts) => parts !== undefined);
  const [first] = known;
  if (first === undefined || known.length < evaluations.length) return undefined;
  if (known.some(({ length }) => length !== first.length)) return undefined;
  return first.map((_, index) => mean(known.map((parts) => parts[index] ?? Number.NaN)));
}

/** The normal distribution's 97.5 % quantile. */
const z = 1.959964;

/**
 * The 97.5 % quantile of Student's distribution by its expansion in 1/freedom (Abramowitz and Stegun, 26.7.5): right to 1 % from 2 degrees
 * of freedom on.
 */
export function studentT(freedom: number): number {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), z);
}
