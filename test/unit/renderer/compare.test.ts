import { describe, expect, it } from 'vitest';
import { csvLines } from '../../../src/renderer/charts/csv.ts';
import { runLooks } from '../../../src/renderer/charts/looks.ts';
import { RunSeries } from '../../../src/renderer/charts/run-series.ts';
import {
  compareCsv,
  compareCurves,
  compareTable,
  describeCurves,
} from '../../../src/renderer/views/compare/compare-curves.ts';
import { ComparedRuns } from '../../../src/renderer/views/compare/compared-runs.svelte.ts';
import { bestSample, sampleNear, unlike } from '../../../src/renderer/views/compare/samples.ts';
import type { Bridge } from '../../../src/shared/ipc/contract.ts';
import type { Sample } from '../../../src/shared/domain/run.ts';

function seriesOf(losses: Readonly<Record<number, number>>): RunSeries {
  const series = new RunSeries();
  const iteration = Array.from({ length: 300 }, (_, index) => index + 1);
  series.append({
    iteration,
    epoch: iteration.map((value) => value / 100),
    loss: iteration.map(() => 2),
    learningRate: iteration.map(() => 0.002),
    gradientNorm: iteration.map(() => 1),
    parameterNorm: iteration.map(() => 20),
    milliseconds: iteration.map(() => 10),
  });
  for (const [at, loss] of Object.entries(losses))
    series.evaluate(Number(at), Number(at) / 100, { validationLoss: loss });
  return series;
}

const runs = [
  { id: 'a', name: 'first', series: seriesOf({ 100: 2, 200: 1.5, 300: 1.6 }) },
  { id: 'b', name: 'second', series: seriesOf({ 150: 1.9, 300: 1.4 }) },
];

describe('curves of a comparison', () => {
  it('show the validation loss of every run, and the training loss on request', () => {
    const [a, b, ...rest] = compareCurves(runs, 'epoch', { isShown: false, span: 20 });
    expect(rest).toEqual([]);
    expect([...(a?.x ?? [])]).toEqual([1, 2, 3]);
    expect([...(b?.y ?? [])]).toEqual([1.9, 1.4]);
    expect(compareCurves(runs, 'epoch', { isShown: true, span: 20 })).toHaveLength(4);
  });

  it('are distinguishable by dash and marker alone', () => {
    expect(new Set(runLooks.map(({ dash }) => dash.join())).size).toBe(6);
    expect(new Set(runLooks.map(({ marker }) => marker)).size).toBe(6);
  });

  it('are described in words', () => {
    expect(describeCurves(runs)).toBe(
      'first: lowest validation loss 1.5000 at epoch 2.00, last 1.6000; second: lowest validation loss 1.4000 at epoch 3.00, last 1.4000.',
    );
  });

  it('are a table of every iteration at which any run was measured', () => {
    const table = compareTable(runs);
    expect(table.columns).toEqual(['Iteration', 'first', 'second']);
    expect(Array.from({ length: table.count }, (_, index) => table.row(index))).toEqual([
      ['100', '2.0000', ''],
      ['150', '', '1.9000'],
      ['200', '1.5000', ''],
      ['300', '1.6000', '1.4000'],
    ]);
  });

  it('are saved one line a measurement', () => {
    const lines = [...csvLines(compareCsv(runs, 1))];
    expect(lines).toHaveLength(1 + 5);
    expect(lines[4]).toBe('second,150,1.5,1.5,1.9,2\r\n');
  });
});

describe('samples side by side', () => {
  const sample = (epoch: number, validationLoss: number | null, changes: Partial<Sample> = {}): Sample => ({
    iteration: epoch * 100,
    epoch,
    validationLoss,
    temperature: 0.8,
    seed: 1,
    primeText: '',
    text: `of epoch ${epoch}`,
    ...changes,
  });
  const samples = [sample(1, 2), sample(2, 1.5), sample(3, null), sample(4, 1.7)];

  it('are those of the same iteration', () => {
    expect(sampleNear(samples, 2.4)?.epoch).toBe(2);
    expect(sampleNear(samples, 99)?.epoch).toBe(4);
    expect(sampleNear([], 1)).toBeNull();
  });

  it('are those of the lowest validation loss', () => {
    expect(bestSample(samples)?.epoch).toBe(2);
    expect(bestSample([sample(1, null)])?.epoch).toBe(1);
    expect(bestSample([])).toBeNull();
  });

  it('say how else the conditions of writing differed', () => {
    expect(unlike([sample(1, 2), sample(2, 2)])).toEqual([]);
    expect(unlike([sample(1, 2), sample(1, 2, { seed: 7, primeText: 'Call me' })])).toEqual([
      'opening words',
      'seed',
    ]);
  });
});

describe('ComparedRuns', () => {
  it('opens what is added, closes what is gone, and leaves the rest alone', () => {
    const open: string[] = [];
    const opened: string[] = [];
    const bridge = {
      open: (_name: string, { run }: { run: string }) => {
        open.push(run);
        opened.push(run);
        return {
          send: () => undefined,
          close: () => open.splice(open.indexOf(run), 1),
          ended: new Promise(() => undefined),
        };
      },
    } as unknown as Bridge;
    const compared = new ComparedRuns(bridge);
    compared.show(['a', 'b']);
    compared.show(['b', 'c']);
    expect(open.toSorted()).toEqual(['b', 'c']);
    expect(opened).toEqual(['a', 'b', 'c']);
    expect(compared.list).toHaveLength(2);
    compared.close();
    expect(open).toEqual([]);
  });
});
