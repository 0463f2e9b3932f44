import type { TensorShape } from '../../shared/domain/model-tensors.ts';
import { networkOptionsOf } from '../training/network-options.ts';
import { findMisfit, keptWith, storedTensors, type Misfit } from '../model/stored-tensors.ts';
import type { CheckpointMetadata } from './content.ts';
import { badCheckpoint } from './errors.ts';
import { quoted } from './safetensors.ts';

/**
 * Checks the tensors of a file against its own metadata: every parameter must be present, and the optimiser state and the carried
 * state must each be complete or absent (a checkpoint that is only meant for writing may leave them out). Throws CharloomError('bad-checkpoint').
 */
export function checkTensors(
  { spec, settings }: Pick<CheckpointMetadata, 'spec' | 'settings'>,
  tensors: readonly TensorShape[],
): void {
  const mismatch = findMisfit(storedTensors(spec, keptWith(networkOptionsOf(settings))), tensors);
  if (mismatch !== undefined) throw badCheckpoint(reason(mismatch));
}

function reason(mismatch: Misfit): string {
  const name = quoted(mismatch.name);
  switch (mismatch.kind) {
    case 'missing':
      return `tensor ${name} is missing`;
    case 'unknown':
      return `it contains ${name}, which is not part of this model`;
    case 'misshapen':
      return `tensor ${name} is ${mismatch.found.join('x')} where the model needs ${mismatch.expected.join('x')}`;
  }
}
