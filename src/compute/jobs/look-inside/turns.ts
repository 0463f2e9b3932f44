/** Tasks of several kinds, one of each at a time: a new task of the same kind, or a stop, cancels it. */
export class Turns<Kind extends string> {
  readonly #turns = new Map<Kind, number>();

  stop(kind: Kind): void {
    this.#turns.set(kind, (this.#turns.get(kind) ?? 0) + 1);
  }

  /** Cancels the current task of this kind; the result says whether the new task is still wanted. */
  begin(kind: Kind): () => boolean {
    this.stop(kind);
    const turn = this.#turns.get(kind);
    return () => this.#turns.get(kind) === turn;
  }
}
