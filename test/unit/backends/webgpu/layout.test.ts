import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateColumns, layoutOf } from '../../../../src/engine/backends/webgpu/layout.ts';
import { packParameter, unpackParameter } from '../../../../src/engine/backends/webgpu/packing.ts';
import { shapeOf } from '../../../../src/engine/backends/webgpu/shape.ts';
import { cellKinds, cellOf } from '../../../../src/shared/domain/cells.ts';
import type { ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { elementCount, parameterShapes } from '../../../../src/shared/domain/model-tensors.ts';
import { madeUpCell } from '../../../support/made-up-cell.ts';

const batch = { batchSize: 3, sequenceLength: 5 };

const specs: fc.Arbitrary<ModelSpec> = fc.record({
  model: fc.constantFrom(...cellKinds),
  vocabularySize: fc.integer({ min: 1, max: 40 }),
  rnnSize: fc.integer({ min: 1, max: 50 }),
  numLayers: fc.integer({ min: 1, max: 3 }),
  dropout: fc.constant(0),
  layerNorm: fc.boolean(),
  residual: fc.constant('off'),
});

describe('the layout of parameters on a card', () => {
  it('gives every element of the canon a place of its own, apart from the padding', () => {
    fc.assert(
      fc.property(specs, fc.boolean(), (spec, isMadeUp) => {
        const cell = isMadeUp ? madeUpCell : cellOf(spec);
        const layout = layoutOf(shapeOf(spec, batch, cell));
        const flat = new Float32Array(layout.floats);
        const shapes = parameterShapes(spec, cell);
        expect(layout.places.map(({ name }) => name)).toEqual(shapes.map(({ name }) => name));
        let next = 1;
        const tensors = shapes.map(({ shape }) =>
          Float32Array.from({ length: elementCount(shape) }, () => next++),
        );
        layout.places.forEach((place, index) =>
          packParameter(place, tensors[index] ?? new Float32Array(), flat),
        );
        // Every number once: nothing overwrote anything, and all else is still zero.
        expect([...flat].filter((value) => value !== 0).sort((a, b) => a - b)).toEqual(
          Array.from({ length: next - 1 }, (_, index) => index + 1),
        );
        layout.places.forEach((place, index) => expect(unpackParameter(place, flat)).toEqual(tensors[index]));
      }),
      { numRuns: 60 },
    );
  });

  it('turns matrices, and puts the gates of a unit side by side', () => {
    const spec: ModelSpec = {
      ...{ model: 'lstm', vocabularySize: 7, rnnSize: 5, numLayers: 2 },
      ...{ dropout: 0, layerNorm: false, residual: 'off' },
    };
    const { of, floats } = layoutOf(shapeOf(spec, batch));
    const place = of(1, 'wh');
    const flat = new Float32Array(floats);
    // Row 2 * H + 3 is gate o of unit 3; column 4 is what unit 4 gives to it.
    const data = new Float32Array(20 * 5);
    data[13 * 5 + 4] = 1;
    packParameter(place, data, flat);
    expect(flat.indexOf(1)).toBe(place.offset + 4 * 64 + 3 * 4 + 2);
  });

  it('keeps the groups of a GRU apart', () => {
    const { groups, columns } = shapeOf(
      {
        model: 'gru',
        vocabularySize: 9,
        rnnSize: 20,
        numLayers: 1,
        dropout: 0,
        layerNorm: false,
        residual: 'off',
      },
      batch,
    );
    expect(columns).toBe(96);
    expect(groups.flatMap(gateColumns)).toEqual([
      { first: 0, stride: 2 },
      { first: 1, stride: 2 },
      { first: 64, stride: 1 },
    ]);
  });

  it('knows what each optimiser treats differently', () => {
    const { places } = layoutOf(
      shapeOf(
        {
          model: 'rnn',
          vocabularySize: 9,
          rnnSize: 20,
          numLayers: 2,
          dropout: 0,
          layerNorm: true,
          residual: 'off',
        },
        batch,
      ),
    );
    expect(places.filter(({ role }) => role === 'hidden').map(({ name }) => name)).toEqual([
      'layers.0.wh',
      'layers.1.wx',
      'layers.1.wh',
    ]);
    expect(places.filter(({ role }) => role === 'matrix').map(({ name }) => name)).toEqual([
      'layers.0.wx',
      'decoder.w',
    ]);
  });
});
