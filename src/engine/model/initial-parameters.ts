import { cellOf, gatesOf } from '../../shared/domain/cells.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { TensorData, TensorMap } from '../backends/backend.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { elementCount, parameterShapes } from '../../shared/domain/model-tensors.ts';

/** Every parameter starts uniform in +-0.08 (char-rnn: `params:uniform(-0.08, 0.08)`), biases included. */
const spread = 0.08;

/**
 * Initial parameters of a run: drawn in canonical order from the seed, then the cell's fixed numbers (an LSTM's forget gate). char-rnn also sets
 * those after `-init_from`, which overwrites trained values; here they apply only to newly drawn parameters.
 */
export function initialParameters(spec: ModelSpec, seed: number): TensorMap {
  const generator = RandomGenerator.seeded('initialisation', seed);
  const tensors = new Map<string, TensorData>();
  for (const { name, shape } of parameterShapes(spec)) {
    const data = Float32Array.from(
      { length: elementCount(shape) },
      () => (generator.nextDouble() * 2 - 1) * spread,
    );
    setFixed(spec, name, data);
    tensors.set(name, { shape, data });
  }
  return tensors;
}

function setFixed(spec: ModelSpec, name: string, data: Float32Array): void {
  const cell = cellOf(spec);
  for (const { parameter, gate, value } of cell.fixedStarts) {
    if (!name.startsWith('layers.') || !name.endsWith(`.${parameter}`)) continue;
    const first = gate === undefined ? 0 : gatesOf(cell).indexOf(gate) * spec.rnnSize;
    data.fill(value, first, gate === undefined ? data.length : first + spec.rnnSize);
  }
}
