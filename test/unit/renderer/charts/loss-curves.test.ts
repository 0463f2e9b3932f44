import { describe, expect, it } from 'vitest';
import {
  evaluationTable,
  lossCsv,
  lossCurves,
  smoothedLoss,
} from '../../../../src/renderer/charts/loss-curves.ts';
import { rateAhead } from '../../../../src/renderer/charts/meter-curves.ts';
import { RunSeries } from '../../../../src/renderer/charts/run-series.ts';
import { recipeSettings } from '../../../../src/shared/domain/recipes.ts';
import { defaultRunSettings } from '../../../../src/shared/domain/run-settings.ts';

function seriesOf(both: boolean): RunSeries {
  const series = new RunSeries();
  series.append({
    iteration: [1, 2],
    epoch: [0.5, 1],
    loss: [4, 3],
    learningRate: [0.002, 0.004],
    gradientNorm: [1, 1],
    parameterNorm: [20, 20],
    milliseconds: [10, 10],
  });
  series.evaluate(1, 0.5, { validationLoss: 3.5, ...(both ? { trainedLoss: 3.5, averagedLoss: 3.75 } : {}) });
  series.evaluate(2, 1, { validationLoss: 3, ...(both ? { trainedLoss: 3.25, averagedLoss: 3 } : {}) });
  return series;
}

describe('the curves of losses', () => {
  it('have the averaged weights in front and the trained ones thin, where a run has both', () => {
    const series = seriesOf(true);
    const curves = lossCurves(series, smoothedLoss(series, 1), 'iteration', 1);
    const [trained, averaged] = curves.filter(({ id }) => id.startsWith('validation'));
    expect(trained).toMatchObject({ label: 'Validation loss, trained weights (thin)', look: { width: 1 } });
    expect(averaged).toMatchObject({ id: 'validation', label: 'Validation loss, averaged weights' });
    expect(averaged?.look.width).toBeGreaterThan(trained?.look.width ?? 9);
    expect([[...(trained?.y ?? [])], [...(averaged?.y ?? [])]]).toEqual([
      [3.5, 3.25],
      [3.75, 3],
    ]);
    // What is drawn last covers the rest.
    expect(curves.at(-1)).toBe(averaged);
  });

  it('are listed in tables and files, the lower loss first', () => {
    const series = seriesOf(true);
    const table = evaluationTable(series, series.loss);
    expect(table.columns.slice(4)).toEqual(['Validation loss', 'of averaged weights', 'of trained weights']);
    expect(table.row(0).slice(4)).toEqual(['3.5000', '3.7500', '3.5000']);
    const { columns, rows } = lossCsv(series);
    expect(columns.slice(-2)).toEqual(['validation_loss_averaged', 'validation_loss_trained']);
    expect([...rows].map((row) => row.slice(-2))).toEqual([
      [3.75, 3.5],
      [3, 3.25],
    ]);
  });

  it('are unchanged where a run keeps no average', () => {
    const series = seriesOf(false);
    const curves = lossCurves(series, smoothedLoss(series, 1), 'iteration', 1);
    expect(curves.map(({ label }) => label)).toEqual(['Training loss, each iteration', 'Validation loss']);
    expect(evaluationTable(series, series.loss).columns).toHaveLength(5);
    expect(lossCsv(series).columns.at(-1)).toBe('step_milliseconds');
  });
});

it('the planned learning rate continues, dashed, from the last step to the planned end', () => {
  const settings = {
    ...defaultRunSettings,
    ...recipeSettings('modern'),
    warmup: 0,
    schedule: 'cosine',
  } as const;
  const plan = { iterations: 100, iterationsPerEpoch: 10 };
  const ahead = rateAhead(seriesOf(true), settings, plan);
  expect([ahead?.x[0], ahead?.x.at(-1)]).toEqual([2, 100]);
  expect(ahead?.look.dash).not.toEqual([]);
  expect(ahead?.y.at(-1)).toBeLessThan(1e-5);
  expect(rateAhead(seriesOf(true), settings, { ...plan, iterations: 2 })).toBeNull();
});
