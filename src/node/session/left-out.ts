import { unreadable, type TextUse } from '../../shared/domain/symbol-fit.ts';
import { CharloomError } from '../../shared/errors.ts';

const consequences = {
  measuring: {
    sentence: 'the loss on the rest would mean nothing',
    fix: 'Use a text in the language and script of the training text.',
  },
  learning: {
    sentence: 'the rest is not enough to train on',
    fix: 'Widen the vocabulary instead, or use a text in the language and script of the training text.',
  },
} as const;

/**
 * Refuses a text of which a model can read too little.
 * @param lost symbols of `characters` without a replacement
 * @throws CharloomError('incompatible')
 */
export function requireReadable(use: TextUse, lost: number, characters: number): void {
  const reason = unreadable(use, lost, characters);
  if (reason === null) return;
  const { sentence, fix } = consequences[use];
  throw new CharloomError('incompatible', `${reason}: ${sentence}.`, { fix });
}
