import { formatCount, formatEpoch, formatLoss } from '../../../shared/format/numbers.ts';
import type { XAxis } from '../../charts/axes.ts';
import type { CsvTable, CsvCell } from '../../charts/csv.ts';
import type { Curve } from '../../charts/curve.ts';
import { runLook, thinLook } from '../../charts/looks.ts';
import { smoothedLoss } from '../../charts/loss-curves.ts';
import type { RunSeries } from '../../charts/run-series.ts';
import { lowerBound } from '../../charts/search.ts';
import type { TableSource } from '../../charts/table-source.ts';

/** A run of a comparison, with the name that distinguishes it from the others. */
export interface NamedSeries {
  readonly id: string;
  readonly name: string;
  readonly series: RunSeries;
}

/** Validation losses of all runs, and their training losses when wanted. */
export function compareCurves(
  runs: readonly NamedSeries[],
  axis: XAxis,
  training: { readonly isShown: boolean; readonly span: number },
): readonly Curve[] {
  const validation = runs.map(({ id, name, series }, index): Curve => ({
    id: `${id} validation`,
    label: training.isShown ? `${name}, validation` : name,
    x: series.evaluationX(axis),
    y: Float64Array.from(series.evaluations, ({ loss }) => loss),
    look: runLook(index),
  }));
  if (!training.isShown) return validation;
  const train = runs.map(({ id, name, series }, index): Curve => ({
    id: `${id} training`,
    label: `${name}, training (smoothed)`,
    x: series.x(axis),
    y: smoothedLoss(series, training.span),
    look: thinLook(runLook(index)),
  }));
  return [...train, ...validation];
}

/** The state of each run, for screen readers. */
export function describeCurves(runs: readonly NamedSeries[]): string {
  const parts = runs.map(({ name, series }) => {
    const measured = series.evaluations.filter(({ loss }) => !Number.isNaN(loss));
    const last = measured.at(-1);
    if (last === undefined) return `${name}: not measured yet`;
    const best = measured.reduce((lowest, point) => (point.loss < lowest.loss ? point : lowest));
    return `${name}: lowest validation loss ${formatLoss(best.loss)} at epoch ${formatEpoch(best.epoch)}, last ${formatLoss(last.loss)}`;
  });
  return `${parts.join('; ')}.`;
}

/** One row for each iteration at which any of the runs was measured. */
export function compareTable(runs: readonly NamedSeries[]): TableSource {
  const losses = runs.map(
    ({ series }) => new Map(series.evaluations.map(({ iteration, loss }) => [iteration, loss])),
  );
  const iterations = [...new Set(losses.flatMap((run) => [...run.keys()]))].toSorted((a, b) => a - b);
  return {
    columns: ['Iteration', ...runs.map(({ name }) => name)],
    count: iterations.length,
    row: (index) => {
      const iteration = iterations[index] ?? 0;
      return [
        formatCount(iteration),
        ...losses.map((run) => {
          const loss = run.get(iteration);
          return loss === undefined ? '' : formatLoss(loss);
        }),
      ];
    },
  };
}

/** Every measurement of every run, one line each. */
export function compareCsv(runs: readonly NamedSeries[], span: number): CsvTable {
  return {
    columns: ['run', 'iteration', 'epoch', 'training_seconds', 'validation_loss', 'training_loss_smoothed'],
    rows: compareRows(runs, span),
  };
}

function* compareRows(runs: readonly NamedSeries[], span: number): Generator<readonly CsvCell[]> {
  for (const { name, series } of runs) {
    const smoothed = smoothedLoss(series, span);
    for (const { iteration, epoch, loss } of series.evaluations) {
      const step = lowerBound(series.iteration, iteration + 1) - 1;
      yield [
        name,
        iteration,
        epoch,
        series.timeAt(iteration) / 1000,
        loss,
        step < 0 ? null : (smoothed[step] ?? null),
      ];
    }
  }
}
