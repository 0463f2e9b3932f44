import { modelSentence } from '../../../shared/format/model-sentence.ts';
import { formatQuantity } from '../../../shared/format/numbers.ts';
import type { CheckpointMetadata } from '../../checkpoints/content.ts';

/** A sentence about the model that writes in a page. */
export function creditsSentence({ spec, symbols, text }: CheckpointMetadata): string {
  const learned =
    text.characters === 0
      ? ''
      : `, trained on a text of ${formatQuantity(text.characters, symbols === 'bytes' ? 'byte' : 'character')}`;
  return `This page writes with a recurrent network: ${modelSentence(spec)}${learned}.`;
}
