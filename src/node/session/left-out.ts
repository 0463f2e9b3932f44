import type { Advice } from '../../shared/advice.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatShare } from '../../shared/format/numbers.ts';

/** What is left of a text of which more cannot be read is no text. */
const maxLeftOut = 0.95;

/**
 * Refuses a text of which a model can read next to nothing.
 * @param lost symbols of `characters` that nothing stands for
 * @param consequence how the sentence goes on: what the rest would be good for
 * @throws CharloomError('incompatible')
 */
export function requireReadable(
  lost: number,
  characters: number,
  consequence: string,
  fix: Advice | string,
): void {
  const leftOut = lost / characters;
  if (leftOut <= maxLeftOut) return;
  const share = formatShare(Math.min(leftOut, lost < characters ? 0.99 : 1));
  throw new CharloomError(
    'incompatible',
    `The model does not know the characters of ${share} of this text: ${consequence}.`,
    { fix },
  );
}
