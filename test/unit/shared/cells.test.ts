import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import { describe, expect, it } from 'vitest';
import { cellOf, gatesOf, groupSizes, cellKinds } from '../../../src/shared/domain/cells.ts';
import {
  optimizerShapes,
  parameterCount,
  parameterShapes,
  stateShapes,
} from '../../../src/shared/domain/model-tensors.ts';
import { optimizerKinds, optimizers } from '../../../src/shared/domain/optimizers.ts';
import { madeUpCell } from '../../support/made-up-cell.ts';

const specOf = (model: (typeof cellKinds)[number], rnnSize: number, vocabularySize: number) =>
  ({ model, rnnSize, vocabularySize, numLayers: 2, ...plainModel }) as const;

describe('the table of cells', () => {
  it('gives the sizes of char-rnn: the sum over layers of G(in H + H H + 2 H), and V H + V', () => {
    expect(parameterCount(specOf('lstm', 128, 65))).toBe(240_321);
    expect(parameterCount(specOf('gru', 128, 65))).toBe(182_337);
    expect(parameterCount(specOf('rnn', 128, 65))).toBe(66_369);
  });

  it('names parameters and states in the order of a checkpoint', () => {
    const spec = specOf('lstm', 3, 5);
    expect(parameterShapes(spec)).toEqual([
      { name: 'layers.0.wx', shape: [12, 5] },
      { name: 'layers.0.wh', shape: [12, 3] },
      { name: 'layers.0.bx', shape: [12] },
      { name: 'layers.0.bh', shape: [12] },
      { name: 'layers.1.wx', shape: [12, 3] },
      { name: 'layers.1.wh', shape: [12, 3] },
      { name: 'layers.1.bx', shape: [12] },
      { name: 'layers.1.bh', shape: [12] },
      { name: 'decoder.w', shape: [5, 3] },
      { name: 'decoder.b', shape: [5] },
    ]);
    const names = (model: 'lstm' | 'gru'): string[] =>
      stateShapes(specOf(model, 3, 5), 7).map(({ name }) => name);
    expect(names('lstm')).toEqual(['state.0.h', 'state.0.c', 'state.1.h', 'state.1.c']);
    expect(names('gru')).toEqual(['state.0.h', 'state.1.h']);
  });

  it('lists other parameters of a cell: vectors of some gates or all, and matrices', () => {
    const spec = specOf('rnn', 4, 5);
    const shapes = parameterShapes(spec, madeUpCell).filter(({ name }) => name.startsWith('layers.1.'));
    expect(shapes).toEqual([
      { name: 'layers.1.wx', shape: [12, 4] },
      { name: 'layers.1.wh', shape: [12, 4] },
      { name: 'layers.1.bx', shape: [12] },
      { name: 'layers.1.bh', shape: [12] },
      { name: 'layers.1.gx', shape: [12] },
      { name: 'layers.1.gc', shape: [4] },
      { name: 'layers.1.ws', shape: [8, 4] },
    ]);
  });

  it.each(cellKinds)('describes %s so that backends can rely on it', (model) => {
    const cell = cellOf({ model });
    expect(cell.states[0]?.name).toBe('h');
    expect(groupSizes(cell).reduce((sum, size) => sum + size, 0)).toBe(gatesOf(cell).length);
    expect(new Set(gatesOf(cell)).size).toBe(gatesOf(cell).length);
    for (const { parameter, gate } of cell.fixedStarts) {
      const [shape] = parameterShapes(specOf(model, 3, 5)).filter(({ name }) =>
        name.endsWith(`.${parameter}`),
      );
      expect(shape?.shape).toHaveLength(1);
      if (gate !== undefined) expect(gatesOf(cell)).toContain(gate);
    }
  });
});

describe('the table of optimisers', () => {
  it('lists what each keeps for every parameter', () => {
    const spec = specOf('gru', 3, 5);
    const names = (kind: 'rmsprop' | 'adam'): string[] => optimizerShapes(spec, kind).map(({ name }) => name);
    const parameters = parameterShapes(spec).map(({ name }) => name);
    expect(names('rmsprop')).toEqual(parameters.map((name) => `optimizer.m.${name}`));
    expect(names('adam')).toEqual([
      ...parameters.map((name) => `optimizer.m.${name}`),
      ...parameters.map((name) => `optimizer.v.${name}`),
    ]);
  });

  it('corrects a running mean that began at zero', () => {
    const values = Object.fromEntries(optimizers.adam.scalars.map(({ name, at }) => [name, [at(1), at(2)]]));
    expect(values['meanCorrection']?.[0]).toBeCloseTo(0.1, 12);
    expect(values['meanCorrection']?.[1]).toBeCloseTo(0.19, 12);
    expect(values['squareCorrection']?.[1]).toBeCloseTo(0.001999, 12);
    expect(optimizerKinds.map((kind) => optimizers[kind].title)).toEqual(['RMSProp', 'Adam', 'Muon']);
  });
});
