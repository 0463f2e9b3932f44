import { parameterShapes, stateShapes, type TensorShape } from '../../shared/domain/model-tensors.ts';
import type { CheckpointMetadata } from './content.ts';
import { badCheckpoint } from './errors.ts';
import { quoted } from './safetensors.ts';

/**
 * Holds the tensors of a file to what its own metadata promises: every parameter, and of the optimiser's memory and of the
 * carried state either all or nothing (a checkpoint that is only meant for writing may leave them out).
 * Throws CharloomError('bad-checkpoint').
 */
export function checkTensors(
  metadata: Pick<CheckpointMetadata, 'spec' | 'settings'>,
  tensors: readonly TensorShape[],
): void {
  const { spec, settings } = metadata;
  const parameters = parameterShapes(spec);
  const kinds = settings.optimizer === 'adam' ? ['m', 'v'] : ['m'];
  const memory = kinds.flatMap((kind) =>
    parameters.map(({ name, shape }) => ({ name: `optimizer.${kind}.${name}`, shape })),
  );
  const present = new Map(tensors.map(({ name, shape }) => [name, shape]));
  checkGroup(parameters, present, 'complete');
  checkGroup(memory, present, 'optional');
  checkGroup(stateShapes(spec, settings.batchSize), present, 'optional');
  const [extra] = present.keys();
  if (extra !== undefined) throw badCheckpoint(`it holds ${quoted(extra)}, which is no part of this model`);
}

/** Checks one group and takes it out of `present`. */
function checkGroup(
  expected: readonly TensorShape[],
  present: Map<string, readonly number[]>,
  rule: 'complete' | 'optional',
): void {
  if (rule === 'optional' && !expected.some(({ name }) => present.has(name))) return;
  for (const { name, shape } of expected) {
    const found = present.get(name);
    if (found === undefined) throw badCheckpoint(`tensor ${quoted(name)} is missing`);
    if (found.join() !== shape.join()) {
      throw badCheckpoint(
        `tensor ${quoted(name)} is ${found.join('x')} where the model needs ${shape.join('x')}`,
      );
    }
    present.delete(name);
  }
}
