import { describe, expect, it } from 'vitest';
import { RunSeries } from '../../../../src/renderer/charts/run-series.ts';
import type { StepColumns } from '../../../../src/shared/domain/step-columns.ts';

function steps(from: number, to: number, loss = 2): StepColumns {
  const iteration = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    iteration,
    epoch: iteration.map((value) => value / 100),
    loss: iteration.map(() => loss),
    learningRate: iteration.map(() => 0.002),
    gradientNorm: iteration.map(() => 1),
    parameterNorm: iteration.map(() => 20),
    milliseconds: iteration.map(() => 20),
  };
}

describe('RunSeries', () => {
  it('joins steps that arrive in batches and sums their time', () => {
    const series = new RunSeries();
    series.append(steps(1, 3000));
    series.append(steps(3001, 5000));
    expect(series.length).toBe(5000);
    expect(series.iteration.at(-1)).toBe(5000);
    expect(series.time.at(-1)).toBe(5000 * 20);
    expect(series.epoch[2499]).toBe(25);
  });

  it('places evaluations on every axis', () => {
    const series = new RunSeries();
    series.append(steps(1, 400));
    series.evaluate(100, 1, { validationLoss: 1.9 });
    series.evaluate(300, 3, { validationLoss: null });
    expect([...series.evaluationX('iteration')]).toEqual([100, 300]);
    expect([...series.evaluationX('epoch')]).toEqual([1, 3]);
    // 100 steps of 20 ms, 300 steps of 20 ms.
    expect([...series.evaluationX('time')]).toEqual([2000, 6000]);
    expect(series.evaluations.map(({ loss }) => loss)).toEqual([1.9, Number.NaN]);
  });

  it('places an evaluation from before the first known step at time zero', () => {
    const series = new RunSeries();
    series.append(steps(500, 510));
    series.evaluate(400, 4, { validationLoss: 1.5 });
    expect([...series.evaluationX('time')]).toEqual([0]);
  });

  it('removes what a rollback discarded, time included', () => {
    const series = new RunSeries();
    series.append(steps(1, 200));
    series.evaluate(100, 1, { validationLoss: 2 });
    series.evaluate(200, 2, { validationLoss: 9 });
    series.rollback(100);
    series.append(steps(101, 110, 1.5));
    expect(series.length).toBe(110);
    expect(series.loss[100]).toBe(1.5);
    expect(series.time.at(-1)).toBe(110 * 20);
    expect(series.evaluations).toEqual([{ iteration: 100, epoch: 1, loss: 2 }]);
  });

  it('replaces old steps with repeated ones', () => {
    const series = new RunSeries();
    series.append(steps(1, 100));
    series.append(steps(81, 90, 7));
    expect(series.length).toBe(90);
    expect(series.loss[79]).toBe(2);
    expect(series.loss[80]).toBe(7);
  });

  it('counts an iteration that is measured twice once, with the later result', () => {
    const series = new RunSeries();
    series.evaluate(100, 1, { validationLoss: 2 });
    series.evaluate(100, 1, { validationLoss: 1.8 });
    expect(series.evaluations).toEqual([{ iteration: 100, epoch: 1, loss: 1.8 }]);
  });

  it('is empty after it was cleared', () => {
    const series = new RunSeries();
    series.append(steps(1, 10));
    series.evaluate(10, 0.1, { validationLoss: 2 });
    series.clear();
    series.append(steps(1, 2));
    expect(series.time.at(-1)).toBe(40);
    expect(series.evaluations).toEqual([]);
  });
});
