type Take = (
  position: number,
  texts: readonly string[],
  probabilities: readonly number[],
  bytes: readonly number[],
) => void;

/** Symbols arrive one by one or by the thousand: a page that is drawn at this interval looks alive and costs little. */
const batchIntervalMs = 60;

/** Collects consecutive symbols and passes them on together. */
export class SymbolBatches {
  readonly #take: Take;
  readonly #schedule: (flush: () => void) => void;
  #position = 0;
  #texts: string[] = [];
  #probabilities: number[] = [];
  /** Empty for a model of characters. */
  #bytes: number[] = [];

  constructor(take: Take, schedule = (flush: () => void): void => void setTimeout(flush, batchIntervalMs)) {
    this.#take = take;
    this.#schedule = schedule;
  }

  add(
    position: number,
    texts: readonly string[],
    probabilities: readonly number[],
    bytes: readonly number[] = [],
  ): void {
    if (this.#texts.length > 0 && position !== this.#position + this.#texts.length) this.flush();
    if (this.#texts.length === 0) {
      this.#position = position;
      this.#schedule(() => this.flush());
    }
    for (const text of texts) this.#texts.push(text);
    for (const probability of probabilities) this.#probabilities.push(probability);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  flush(): void {
    if (this.#texts.length === 0) return;
    const texts = this.#texts;
    const probabilities = this.#probabilities;
    const bytes = this.#bytes;
    this.#texts = [];
    this.#probabilities = [];
    this.#bytes = [];
    this.#take(this.#position, texts, probabilities, bytes);
  }
}
