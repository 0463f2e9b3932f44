import type { Advice } from '../../shared/advice.ts';
import { unreadable } from '../../shared/domain/symbol-fit.ts';
import { CharloomError } from '../../shared/errors.ts';

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
  const reason = unreadable(lost, characters);
  if (reason !== null) throw new CharloomError('incompatible', `${reason}: ${consequence}.`, { fix });
}
