import type { HeldUnit } from '../../src/engine/inspection/hold-units.ts';
import { isResidual, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import type { Values } from './reference-network.ts';
import { stepCell } from './reference-network.ts';

/**
 * Reads symbols with units truly overwritten: an LSTM's memory before its output is made of it, an output before anything reads it, both from the start. Float64,
 * by the reference's own cells; the logits of each step.
 */
export function clampedReading(
  spec: ModelSpec,
  values: Values,
  symbols: readonly number[],
  held: readonly HeldUnit[],
): readonly (readonly number[])[] {
  const valueOf =
    (state: 'h' | 'c', layer: number) =>
    (value: number, unit: number): number =>
      held.find((one) => one.unit.state === state && one.unit.layer === layer && one.unit.unit === unit)
        ?.value ?? value;
  const zeros = (): number[] => new Array<number>(spec.rnnSize).fill(0);
  const layers = Array.from({ length: spec.numLayers }, (_, layer) => ({
    h: zeros().map(valueOf('h', layer)),
    c: zeros().map(valueOf('c', layer)),
  }));
  const [w, b] = ['decoder.w', 'decoder.b'].map((name) => values.get(name) ?? new Float64Array());
  return symbols.map((symbol) => {
    let x = Array.from({ length: spec.vocabularySize }, (_, index): number => (index === symbol ? 1 : 0));
    layers.forEach((state, layer) => {
      const [h = [], c = []] = stepCell(spec, values, layer, x, [state.h, state.c], (cell) =>
        cell.map(valueOf('c', layer)),
      );
      const output = h.map(valueOf('h', layer));
      const below = x;
      Object.assign(state, { h: output, c });
      x = output.map((value, unit) => (isResidual(spec) && layer > 0 ? value + (below[unit] ?? NaN) : value));
    });
    return Array.from({ length: spec.vocabularySize }, (_, row) =>
      x.reduce((sum, value, unit) => sum + value * (w?.[row * spec.rnnSize + unit] ?? NaN), b?.[row] ?? NaN),
    );
  });
}
