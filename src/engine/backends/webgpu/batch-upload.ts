import { CharloomError } from '../../../shared/errors.ts';
import type { Batch } from '../backend.ts';
import { batchWords, startsPlace } from './records.ts';
import type { NetworkShape } from './shape.ts';

/**
 * A batch as the card reads it: symbols in and symbols out, both [t][b]; then the indices of all rows sorted by symbol, and for each symbol the start
 * of its rows in that list, followed by the end; then, with records, whether one starts at each row (records.ts). Sorted rows allow a gradient to be
 * summed in one fixed order without searching for its symbol.
 */
export class BatchUpload {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly #shape: NetworkShape;
  /** Where the next row of each symbol goes. */
  readonly #next: Uint32Array;

  constructor(shape: NetworkShape) {
    this.#shape = shape;
    this.words = new Uint32Array(batchWords(shape));
    this.#next = new Uint32Array(shape.spec.vocabularySize);
  }

  /** Throws CharloomError('incompatible') if the batch does not fit this network; `words` must not be used then. */
  fill({ x, y, starts }: Batch): void {
    const { rows, batchSize, sequenceLength, records } = this.#shape;
    const startsAt = startsPlace(this.#shape);
    if (x.length !== rows || y.length !== rows) {
      throw new CharloomError('incompatible', `A batch of this network has ${rows} symbols.`);
    }
    for (let row = 0; row < batchSize; row++) {
      for (let time = 0; time < sequenceLength; time++) {
        const from = row * sequenceLength + time;
        const to = time * batchSize + row;
        this.words[to] = this.#checked(x[from]);
        this.words[rows + to] = this.#checked(y[from]);
        if (records) this.words[startsAt + to] = starts?.[from] ?? 0;
      }
    }
    this.#sort();
  }

  #sort(): void {
    const { rows, spec } = this.#shape;
    const begins = this.words.subarray(3 * rows, 3 * rows + spec.vocabularySize + 1);
    begins.fill(0);
    for (let row = 0; row < rows; row++) {
      const behind = (this.words[row] ?? 0) + 1;
      begins[behind] = (begins[behind] ?? 0) + 1;
    }
    for (let symbol = 0; symbol < spec.vocabularySize; symbol++) {
      const begin = begins[symbol] ?? 0;
      this.#next[symbol] = begin;
      begins[symbol + 1] = (begins[symbol + 1] ?? 0) + begin;
    }
    for (let row = 0; row < rows; row++) {
      const symbol = this.words[row] ?? 0;
      const place = this.#next[symbol] ?? 0;
      this.words[2 * rows + place] = row;
      this.#next[symbol] = place + 1;
    }
  }

  #checked(symbol: number | undefined): number {
    const { vocabularySize } = this.#shape.spec;
    if (symbol !== undefined && symbol >= 0 && symbol < vocabularySize) return symbol;
    throw new CharloomError(
      'incompatible',
      `Symbol ${String(symbol)} is outside the vocabulary of ${vocabularySize}.`,
    );
  }
}
