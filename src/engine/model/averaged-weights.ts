import { averagePrefix } from '../../shared/domain/model-tensors.ts';
import type { TensorMap } from '../backends/backend.ts';

/** The averaged weights among some tensors, under the parameters' own names; empty if none are stored. */
export function averageOf(tensors: TensorMap): TensorMap {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(averagePrefix))
      .map(([name, tensor]) => [name.slice(averagePrefix.length), tensor]),
  );
}
