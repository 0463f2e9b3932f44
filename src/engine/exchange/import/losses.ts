import { isTable, type T7Value } from '../t7/values.ts';
import type { LossPoint } from './foreign-model.ts';

/** Most losses read from a file. No training records more. */
const maxPoints = 5_000_000;

/**
 * Losses of a table from iteration to loss, in order; entries that are not numbers are left out.
 * @param scale factor that converts a loss to nats
 */
export function lossesByIteration(table: T7Value, scale = 1): readonly LossPoint[] {
  if (!isTable(table)) return [];
  const points: LossPoint[] = [];
  for (const [iteration, loss] of table.entries) {
    if (points.length === maxPoints) break;
    if (isIteration(iteration) && isLoss(loss)) points.push({ iteration, loss: loss * scale });
  }
  return points.sort((a, b) => a.iteration - b.iteration);
}

/** Losses of a list, at the iterations of another. */
export function lossesAt(losses: T7Value, iterations: T7Value): readonly LossPoint[] {
  if (!isTable(losses) || !isTable(iterations)) return [];
  const places = iterations.list();
  const points = losses.list().flatMap((loss, index) => {
    const iteration = places[index];
    return isLoss(loss) && isIteration(iteration) ? [{ iteration, loss }] : [];
  });
  return points.sort((a, b) => a.iteration - b.iteration);
}

/** Whether a value is a possible loss. */
export function isLoss(value: T7Value | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Whether a value is a number of iterations. */
export function isIteration(value: T7Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
