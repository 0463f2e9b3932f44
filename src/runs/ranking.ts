import type { Run } from '../shared/domain/run.ts';
import { isWithinChance } from './chance.ts';

/** A run and how fast it was, if that is known. */
export interface ComparedRun {
  readonly run: Run;
  readonly charactersPerSecond: number | null;
  /** The best checkpoint's evaluation, part by part; undefined where it is not known. */
  readonly bestParts?: readonly number[] | undefined;
}

/** Index of the smallest; null when there are fewer than two, or a tie. */
export function lowest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const smallest = Math.min(...known);
  return known.filter((value) => value === smallest).length === 1 ? values.indexOf(smallest) : null;
}

/** Index of the run with the lowest best loss; null where chance may have put it there. */
export function clearlyBest(compared: readonly ComparedRun[]): number | null {
  const winner = lowest(compared.map(({ run }) => run.best?.validationLoss ?? null));
  return winner === null || rivals(compared, winner).length > 0 ? null : winner;
}

/** The runs whose best loss differs from the winner's by chance only. */
export function rivals(compared: readonly ComparedRun[], winner: number): readonly ComparedRun[] {
  const parts = compared[winner]?.bestParts;
  return compared.filter(
    ({ bestParts }, index) => index !== winner && isWithinChance(parts, bestParts) === true,
  );
}
