import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrange,
  drawMask,
  drawWeightMask,
  readingOrder,
} from '../../../src/engine/backends/tensorflow/batch-feeds.ts';
import { planGraph } from '../../../src/engine/backends/tensorflow/plan.ts';
import { dropoutKeeps, dropoutKey } from '../../../src/engine/random/dropout.ts';

describe('the order in which the graph reads a batch', () => {
  it('is group by group, step by step, row by row', () => {
    const order = readingOrder({ batchSize: 3, sequenceLength: 2, rowGroups: [2, 1] });
    // Symbols named row*10 + time.
    const symbols = Int32Array.of(0, 1, 10, 11, 20, 21);
    const arranged = new Int32Array(6);
    arrange(symbols, order, arranged);
    expect([...arranged]).toEqual([0, 10, 1, 11, 20, 21]);
  });

  it('draws the masks that every backend draws', () => {
    const layout = { batchSize: 3, sequenceLength: 4, rowGroups: [1, 2] };
    const order = readingOrder(layout);
    const rnnSize = 5;
    const mask = new Float32Array(order.length * rnnSize);
    drawMask(mask, order, layout, { dropout: 0.25, seed: 9, iteration: 3, site: 2, rnnSize });
    const key = dropoutKey(9, 3, 2);
    const expected: number[] = [];
    for (const position of order) {
      const row = Math.floor(position / 4);
      const time = position % 4;
      for (let unit = 0; unit < rnnSize; unit++) {
        const element = (time * 3 + row) * rnnSize + unit;
        expected.push(dropoutKeeps(key, element, 0.25) ? Math.fround(1 / 0.75) : 0);
      }
    }
    expect([...mask]).toEqual(expected);
    expect(expected).toContain(0);
  });
});

describe('weight drop', () => {
  it('draws the masks that every backend draws, from a site of its own for each layer', () => {
    const draw = { weightDrop: 0.4, seed: 9, iteration: 3, numLayers: 2 };
    const masks = [0, 1].map((layer) => {
      const mask = new Float32Array(4 * 5 * 5);
      drawWeightMask(mask, { ...draw, layer });
      return [...mask];
    });
    // The sites behind those of dropout, 1..L.
    for (const [layer, site] of [3, 4].entries()) {
      const key = dropoutKey(9, 3, site);
      const expected = Array.from({ length: 100 }, (_, element) =>
        dropoutKeeps(key, element, 0.4) ? Math.fround(1 / 0.6) : 0,
      );
      expect(masks[layer]).toEqual(expected);
      expect(expected).toContain(0);
    }
    expect(masks[0]).not.toEqual(masks[1]);
  });
});

describe('the plan of a graph', () => {
  it('covers every row and every step once, whatever the sizes and threads', () => {
    const sizes = fc.record({
      batchSize: fc.integer({ min: 1, max: 300 }),
      sequenceLength: fc.integer({ min: 1, max: 2000 }),
      numLayers: fc.integer({ min: 1, max: 6 }),
      threads: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(sizes, ({ batchSize, sequenceLength, numLayers, threads }) => {
        const spec = { model: 'lstm', vocabularySize: 5, rnnSize: 4, numLayers, ...plainModel } as const;
        const plan = planGraph(spec, { batchSize, sequenceLength }, { kind: 'cpu', threads });
        const total = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
        expect(total(plan.rowGroups)).toBe(batchSize);
        expect(total(plan.chunks)).toBe(sequenceLength);
        expect(Math.min(...plan.rowGroups, ...plan.chunks)).toBeGreaterThan(0);
        expect(plan.chunks.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('does not split the work on a graphics card', () => {
    const spec = { model: 'gru', vocabularySize: 5, rnnSize: 4, numLayers: 2, ...plainModel } as const;
    const plan = planGraph(spec, { batchSize: 64, sequenceLength: 80 }, { kind: 'gpu', threads: 8 });
    expect(plan).toMatchObject({ rowGroups: [64], chunks: [80], recurrence: 'stepwise' });
  });
});
