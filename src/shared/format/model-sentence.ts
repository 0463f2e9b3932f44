import { cells } from '../domain/cells.ts';
import type { ModelSpec } from '../domain/model-spec.ts';
import { parameterCount } from '../domain/model-tensors.ts';
import { formatCount } from './numbers.ts';

/** A short description of a model: "2 LSTM layers of 128 units each, 242,881 parameters". */
export function modelSentence(spec: ModelSpec): string {
  const cell = cells[spec.model].title;
  const layers =
    spec.numLayers === 1
      ? `one ${cell} layer of ${formatCount(spec.rnnSize)} units`
      : `${spec.numLayers} ${cell} layers of ${formatCount(spec.rnnSize)} units each`;
  return `${layers}, ${formatCount(parameterCount(spec))} parameters`;
}
