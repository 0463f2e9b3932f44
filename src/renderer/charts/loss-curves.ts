import type { RunDetail } from '../../shared/domain/run.ts';
import { formatDuration } from '../../shared/format/durations.ts';
import { formatCount, formatEpoch, formatLoss, formatMeasure } from '../../shared/format/numbers.ts';
import type { XAxis } from './axes.ts';
import type { CsvTable, CsvCell } from './csv.ts';
import type { Baseline, Curve } from './curve.ts';
import { rawLook, thinLook, trainLook, validationLook } from './looks.ts';
import type { EvaluationPoint, RunSeries } from './run-series.ts';
import { lowerBound } from './search.ts';
import { smooth, smoothingWeight } from './smoothing.ts';
import type { TableSource } from './table-source.ts';

export function smoothedLoss(series: RunSeries, span: number): Float64Array {
  return smooth(series.loss, smoothingWeight(span));
}

/** The raw training loss, the smoothed one over it, and the validation loss. */
export function lossCurves(
  series: RunSeries,
  smoothed: Float64Array,
  axis: XAxis,
  span: number,
): readonly Curve[] {
  const x = series.x(axis);
  const raw: Curve = { id: 'raw', label: 'Training loss, each iteration', x, y: series.loss, look: rawLook };
  const mean: Curve = { id: 'smooth', label: 'Training loss, smoothed', x, y: smoothed, look: trainLook };
  const validation = validationCurves(series, axis);
  return span > 1 ? [raw, mean, ...validation] : [{ ...raw, look: trainLook }, ...validation];
}

/** One curve, or two if the run averages its weights: that of the averaged weights in front, that of the trained weights thin. */
function validationCurves(series: RunSeries, axis: XAxis): readonly Curve[] {
  const { evaluations } = series;
  const x = series.evaluationX(axis);
  const curve = (id: string, label: string, valueOf: (point: EvaluationPoint) => number): Curve => ({
    ...{ id, label, x, look: validationLook },
    y: Float64Array.from(evaluations, valueOf),
  });
  if (!hasBoth(series)) return [curve('validation', 'Validation loss', ({ loss }) => loss)];
  const trained = curve(
    'validation-trained',
    'Validation loss, trained weights (thin)',
    ({ both, loss }) => both?.trained ?? loss,
  );
  return [
    { ...trained, look: thinLook(validationLook) },
    curve('validation', 'Validation loss, averaged weights', ({ both, loss }) => both?.averaged ?? loss),
  ];
}

/** Whether the run measures two sets of weights. */
function hasBoth({ evaluations }: RunSeries): boolean {
  return evaluations.some(({ both }) => both !== undefined);
}

/** One row for each evaluation. */
export function evaluationTable(series: RunSeries, smoothed: Float64Array): TableSource {
  const { evaluations } = series;
  const isDouble = hasBoth(series);
  return {
    columns: [
      ...['Iteration', 'Epoch', 'Time training', 'Training loss (smoothed)', 'Validation loss'],
      ...(isDouble ? ['of averaged weights', 'of trained weights'] : []),
    ],
    count: evaluations.length,
    row: (index) => {
      const point = evaluations[index];
      if (point === undefined) return [];
      const step = lowerBound(series.iteration, point.iteration + 1) - 1;
      return [
        formatCount(point.iteration),
        formatEpoch(point.epoch),
        formatDuration(series.timeAt(point.iteration)),
        step < 0 ? 'none' : formatLoss(smoothed[step] ?? Number.NaN),
        formatLoss(point.loss),
        ...(isDouble
          ? [formatLoss(point.both?.averaged ?? null), formatLoss(point.both?.trained ?? null)]
          : []),
      ];
    },
  };
}

/** One row for each iteration. */
export function stepTable(series: RunSeries): TableSource {
  const { iteration, epoch, loss, learningRate, gradientNorm, milliseconds } = series;
  return {
    columns: ['Iteration', 'Epoch', 'Training loss', 'Learning rate', 'Gradient norm', 'Milliseconds'],
    count: iteration.length,
    row: (index) => [
      formatCount(iteration[index] ?? 0),
      formatEpoch(epoch[index] ?? 0),
      formatLoss(loss[index] ?? Number.NaN),
      formatMeasure(learningRate[index] ?? 0),
      formatMeasure(gradientNorm[index] ?? Number.NaN),
      formatMeasure(milliseconds[index] ?? 0),
    ],
  };
}

/** Everything that is known of a run's course, one line for each iteration. */
export function lossCsv(series: RunSeries): CsvTable {
  return {
    columns: [
      'iteration',
      'epoch',
      'training_seconds',
      'training_loss',
      'validation_loss',
      'learning_rate',
      'gradient_norm',
      'step_milliseconds',
      ...(hasBoth(series) ? ['validation_loss_averaged', 'validation_loss_trained'] : []),
    ],
    rows: lossRows(series),
  };
}

function* lossRows(series: RunSeries): Generator<readonly CsvCell[]> {
  const { iteration, epoch, time, loss, learningRate, gradientNorm, milliseconds } = series;
  const validation = new Map(series.evaluations.map((point) => [point.iteration, point]));
  const isDouble = hasBoth(series);
  for (let index = 0; index < iteration.length; index++) {
    const point = validation.get(iteration[index] ?? 0);
    yield [
      iteration[index] ?? 0,
      epoch[index] ?? 0,
      (time[index] ?? 0) / 1000,
      loss[index] ?? Number.NaN,
      point?.loss ?? null,
      learningRate[index] ?? 0,
      gradientNorm[index] ?? Number.NaN,
      milliseconds[index] ?? 0,
      ...(isDouble ? [point?.both?.averaged ?? null, point?.both?.trained ?? null] : []),
    ];
  }
}

/** The losses that counting alone would reach, as lines of a chart. */
export function baselinesOf(baselines: RunDetail['baselines']): readonly Baseline[] {
  if (baselines === null) return [];
  const about = baselines.isEstimate ? ' (about)' : '';
  const lines = [
    { label: `random guessing${about}`, y: baselines.uniform },
    { label: `counting single letters${about}`, y: baselines.unigram },
    { label: `counting pairs${about}`, y: baselines.bigram },
    { label: `counting triples${about}`, y: baselines.trigram },
  ];
  return lines.flatMap(({ label, y }) => (y === null ? [] : [{ label, y }]));
}
