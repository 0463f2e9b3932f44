import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { TensorData, TensorMap } from '../backends/backend.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { elementCount, parameterShapes } from '../../shared/domain/model-tensors.ts';

/** Every parameter starts uniform in +-0.08 (char-rnn: `params:uniform(-0.08, 0.08)`), biases included. */
const spread = 0.08;

/**
 * Initial parameters of a run: drawn in canonical order from the seed; then, for an LSTM, the forget quarter of the input-side bias of
 * every layer is set to 1 so that cells remember from the start. char-rnn also does that after `-init_from`, which overwrites what was
 * learned; here it happens only to parameters that were just drawn.
 */
export function initialParameters(spec: ModelSpec, seed: number): TensorMap {
  const generator = RandomGenerator.seeded('initialisation', seed);
  const tensors = new Map<string, TensorData>();
  for (const { name, shape } of parameterShapes(spec)) {
    const data = Float32Array.from(
      { length: elementCount(shape) },
      () => (generator.nextDouble() * 2 - 1) * spread,
    );
    if (spec.model === 'lstm' && name.endsWith('.bx')) data.fill(1, spec.rnnSize, 2 * spec.rnnSize);
    tensors.set(name, { shape, data });
  }
  return tensors;
}
