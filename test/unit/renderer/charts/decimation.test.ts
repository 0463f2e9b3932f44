import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from '../../../../src/renderer/charts/decimation.ts';

const columns = 50;

/** Lowest and highest value of every column of pixels, the slow and obvious way. */
function envelope(points: readonly { x: number; y: number }[], from: number, to: number) {
  const bounds = new Map<number, { low: number; high: number }>();
  for (const { x, y } of points) {
    if (x < from || x > to || Number.isNaN(y)) continue;
    const column = Math.floor((x - from) / ((to - from) / columns));
    const before = bounds.get(column) ?? { low: Infinity, high: -Infinity };
    bounds.set(column, { low: Math.min(before.low, y), high: Math.max(before.high, y) });
  }
  return bounds;
}

function toPoints(x: Float64Array, y: Float64Array) {
  return Array.from(x, (value, index) => ({ x: value, y: y[index] ?? Number.NaN }));
}

describe('decimate', () => {
  it('keeps the lowest and the highest value of every column', () => {
    const values = fc.array(
      fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
      { minLength: 300, maxLength: 900 },
    );
    fc.assert(
      fc.property(values, fc.nat(100), fc.nat(100), (list, skipStart, skipEnd) => {
        const x = Float64Array.from(list, (_, index) => index + 1);
        // Zero has two signs, which a picture cannot show.
        const y = Float64Array.from(list, (value) => value + 0);
        const from = 1 + skipStart;
        const to = list.length - skipEnd;
        const thinned = decimate(x, y, from, to, columns);
        expect(envelope(thinned, from, to)).toEqual(envelope(toPoints(x, y), from, to));
      }),
      { numRuns: 100 },
    );
  });

  it('gives at most two points a column and one beyond each edge, in order, all of them real points', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const y = x.map((value) => Math.sin(value / 700) + ((value * 7919) % 101) / 100);
    const points = decimate(x, y, 1000, 90_000, 800);
    expect(points.length).toBeLessThanOrEqual(2 * 800 + 4);
    expect(points.map((point) => point.x)).toEqual(points.map((point) => point.x).toSorted((a, b) => a - b));
    for (const point of points) expect(y[point.x]).toBe(point.y);
    expect(points[0]?.x).toBeLessThan(1000);
    expect(points.at(-1)?.x).toBeGreaterThan(90_000);
  });

  it('leaves few points unchanged, gaps included', () => {
    const x = Float64Array.of(1, 2, 3);
    const y = Float64Array.of(5, Number.NaN, 4);
    expect(decimate(x, y, 1, 3, 100)).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: Number.NaN },
      { x: 3, y: 4 },
    ]);
  });

  it('shows a column of which nothing is a number as a gap', () => {
    const x = Float64Array.from({ length: 1000 }, (_, index) => index);
    const y = x.map((value) => (value >= 300 && value < 500 ? Number.NaN : 1));
    const points = decimate(x, y, 0, 999, 100);
    expect(points.filter(({ x: at }) => at > 320 && at < 480).every((point) => Number.isNaN(point.y))).toBe(
      true,
    );
    expect(points.some((point) => Number.isNaN(point.y))).toBe(true);
  });

  it('returns nothing for no points', () => {
    expect(decimate(new Float64Array(), new Float64Array(), 0, 1, 10)).toEqual([]);
  });
});
