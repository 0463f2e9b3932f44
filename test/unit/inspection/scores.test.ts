import { describe, expect, it } from 'vitest';
import { areaUnderCurve, centredRanks, UnitScorer } from '../../../src/engine/inspection/scores.ts';
import { UnitLevels } from '../../../src/engine/inspection/unit-levels.ts';
import { rankCorrelation } from '../../../src/shared/statistics/ranks.ts';
import { randomNumbers } from '../../support/networks.ts';

/** By the definition: every pair of a positive and a negative. */
function areaByPairs(values: ArrayLike<number>, labels: ArrayLike<number>): number {
  let [won, pairs] = [0, 0];
  for (let a = 0; a < values.length; a++) {
    for (let b = 0; b < values.length; b++) {
      if (labels[a] === 0 || labels[b] !== 0) continue;
      const difference = (values[a] ?? 0) - (values[b] ?? 0);
      won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      pairs += 1;
    }
  }
  return won / pairs;
}

const random = randomNumbers(5);
const labels = Float32Array.from({ length: 600 }, () => Number(random() < 0.2));

describe('scores', () => {
  it('the area under the curve is the share of pairs in the right order, equals half', () => {
    const values = labels.map((label) => Math.round(10 * (random() + 0.3 * label)));
    expect(areaUnderCurve(values, labels)).toBeCloseTo(areaByPairs(values, labels), 6);
    expect(areaUnderCurve(Float32Array.from(labels), labels)).toBe(1);
    expect(areaUnderCurve(new Float32Array(600), labels)).toBe(0.5);
  });

  it('the correlation of ranks is 1 for any rising relation and near 0 for chance', () => {
    const values = Float32Array.from({ length: 500 }, () => random());
    expect(
      rankCorrelation(
        values,
        values.map((value) => value ** 3),
      ),
    ).toBeCloseTo(1, 6);
    expect(
      rankCorrelation(
        values,
        values.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 6);
    expect(
      Math.abs(
        rankCorrelation(
          values,
          values.map(() => random()),
        ) ?? NaN,
      ),
    ).toBeLessThan(0.15);
  });

  it('byte levels give the scores of the numbers themselves, whatever their spread', () => {
    const spreads: readonly ((value: number) => number)[] = [
      (value) => value,
      (value) => Math.tanh(20 * value),
      (value) => 300 * value,
      (value) => value ** 5,
      (value) => -value,
    ];
    const columns = spreads.map((spread) => labels.map((label) => spread(random() - 0.5 + 0.25 * label)));
    const levels = new UnitLevels(columns.length, labels.length);
    labels.forEach((_, row) =>
      levels.add(
        row,
        Float32Array.from(columns, (column) => column[row] ?? 0),
      ),
    );
    const scorer = new UnitScorer(levels, Uint32Array.from(labels.keys()));
    const areas = scorer.areas(labels);
    const places = Float32Array.from(labels.keys());
    const correlations = scorer.correlations(centredRanks(places));
    columns.forEach((column, unit) => {
      expect(Math.abs((areas[unit] ?? 0) - areaByPairs(column, labels))).toBeLessThan(0.005);
      expect(Math.abs((correlations[unit] ?? 0) - (rankCorrelation(column, places) ?? NaN))).toBeLessThan(
        0.01,
      );
      const sorted = [...column].sort((a, b) => a - b);
      const { low, middle, high, mean } = levels.scale(unit);
      const width = Math.max(0.002, 0.02 * Math.abs((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)));
      expect(Math.abs(low - (sorted[5] ?? 0))).toBeLessThan(width);
      expect(Math.abs(middle - (sorted[300] ?? 0))).toBeLessThan(width);
      expect(Math.abs(high - (sorted[594] ?? 0))).toBeLessThan(width);
      expect(mean).toBeCloseTo(column.reduce((sum, value) => sum + value, 0) / column.length, 4);
    });
  });

  it('scores only the positions that take part', () => {
    const levels = new UnitLevels(1, 100);
    for (let row = 0; row < 100; row++) levels.add(row, Float32Array.of(row < 50 ? row / 100 : -1));
    const scorer = new UnitScorer(
      levels,
      Uint32Array.from({ length: 50 }, (_, row) => row),
    );
    const own = Float32Array.from({ length: 50 }, (_, row) => Number(row >= 25));
    expect(scorer.areas(own)[0]).toBeCloseTo(1, 2);
  });
});
