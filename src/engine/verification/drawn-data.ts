import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { elementCount, type TensorShape } from '../../shared/domain/model-tensors.ts';
import type { Batch, NetworkOptions, TensorMap } from '../backends/backend.ts';
import { mix32 } from '../random/hash.ts';

/** Fixed numbers for tensors, spread evenly over -spread..spread, so that two computations can be compared. */
export function drawnTensors(shapes: readonly TensorShape[], spread: number): TensorMap {
  return new Map(
    shapes.map(({ name, shape }, tensor) => {
      const value = (_: unknown, index: number): number =>
        (mix32(tensor * 1_000_003 + index) / 2 ** 31 - 1) * spread;
      return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, value) }];
    }),
  );
}

/** A fixed batch for each step; the targets are the inputs shifted by one symbol. */
export function drawnBatch(
  { vocabularySize }: ModelSpec,
  { batchSize, sequenceLength }: Pick<NetworkOptions, 'batchSize' | 'sequenceLength'>,
  step: number,
): Batch {
  const symbols = (first: number): Int32Array =>
    Int32Array.from(
      { length: batchSize * sequenceLength },
      (_, index) => mix32(step * 1000 + first + index) % vocabularySize,
    );
  return { x: symbols(0), y: symbols(1) };
}
