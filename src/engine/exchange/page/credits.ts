import { cells } from '../../../shared/domain/cells.ts';
import { parameterCount } from '../../../shared/domain/model-tensors.ts';
import { formatCount, formatQuantity } from '../../../shared/format/numbers.ts';
import type { CheckpointMetadata } from '../../checkpoints/content.ts';

/** What writes in a page, in a sentence. */
export function creditsSentence({ spec, symbols, text }: CheckpointMetadata): string {
  const cell = cells[spec.model].title;
  const layers =
    spec.numLayers === 1
      ? `one ${cell} layer of ${formatCount(spec.rnnSize)} units`
      : `${spec.numLayers} ${cell} layers of ${formatCount(spec.rnnSize)} units each`;
  const learned =
    text.characters === 0
      ? ''
      : `, which learned from a text of ${formatQuantity(text.characters, symbols === 'bytes' ? 'byte' : 'character')}`;
  return `A recurrent network writes here: ${layers}, ${formatCount(parameterCount(spec))} parameters${learned}.`;
}
