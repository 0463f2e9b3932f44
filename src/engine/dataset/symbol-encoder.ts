import { CharloomError } from '../../shared/errors.ts';
import type { SymbolArray, Vocabulary } from './corpus.ts';
import type { DecodedBlock } from './decoding/decoder.ts';
import { LineEndNormaliser, type LineEnds } from './line-ends.ts';
import { indexByCode } from './vocabulary.ts';

/** The second reading of a text: turns decoded blocks into vocabulary indices. */
export class SymbolEncoder {
  readonly #index: Int32Array;
  readonly #normaliser: LineEndNormaliser | null;

  constructor(vocabulary: Vocabulary, lineEnds: LineEnds) {
    this.#index = indexByCode(vocabulary);
    this.#normaliser = lineEnds === 'lf' ? new LineEndNormaliser() : null;
  }

  /**
   * Writes the block's indices into `into` from `offset` on and returns how many there are; `into` must have room for the block.
   * @throws CharloomError 'text-changed' on a symbol that the first reading did not see.
   */
  encode(block: DecodedBlock, into: SymbolArray, offset: number): number {
    const codes = this.#normaliser ? this.#normaliser.rewrite(block.codes) : block.codes;
    if (offset + codes.length > into.length) throw changedText();
    const index = this.#index;
    for (let at = 0; at < codes.length; at += 1) {
      const symbol = index[codes[at] ?? 0] ?? -1;
      if (symbol < 0) throw changedText();
      into[offset + at] = symbol;
    }
    return codes.length;
  }
}

/** The error for a text that has changed since the first reading. */
export function changedText(): CharloomError {
  return new CharloomError('text-changed', 'The text changed while it was being read.', {
    fix: 'Wait until no program is writing to the file, then try again.',
  });
}
