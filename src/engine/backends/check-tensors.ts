import { elementCount } from '../../shared/domain/model-tensors.ts';
import { CharloomError } from '../../shared/errors.ts';
import { findMisfit, type Misfit, type StoredTensors } from '../model/stored-tensors.ts';
import type { TensorMap } from './backend.ts';

/** Refuses tensors that are not those of this network: CharloomError('incompatible') names the first that is missing, misshapen or unknown. */
export function checkTensors(stored: StoredTensors, tensors: TensorMap): void {
  const shapes = [...tensors].map(([name, { shape, data }]) => ({
    name,
    // A tensor whose length contradicts its own shape fits no network either.
    shape: data.length === elementCount(shape) ? shape : [data.length],
  }));
  const mismatch = findMisfit(stored, shapes);
  if (mismatch !== undefined) throw new CharloomError('incompatible', sentence(mismatch));
}

function sentence(mismatch: Misfit): string {
  switch (mismatch.kind) {
    case 'missing':
      return `The tensor ${mismatch.name} is missing.`;
    case 'unknown':
      return `The tensor ${mismatch.name} does not belong to this network.`;
    case 'misshapen': {
      const { name, found, expected } = mismatch;
      return `The tensor ${name} has shape [${found.join(', ')}] where this network needs [${expected.join(', ')}].`;
    }
  }
}
