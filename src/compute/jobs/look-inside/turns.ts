/** Work of several kinds, one of each at a time: another of its kind, or a stop, ends it. */
export class Turns<Kind extends string> {
  readonly #turns = new Map<Kind, number>();

  stop(kind: Kind): void {
    this.#turns.set(kind, (this.#turns.get(kind) ?? 0) + 1);
  }

  /** Ends whatever of this kind is under way; the result tells whether the new work is still wanted. */
  begin(kind: Kind): () => boolean {
    this.stop(kind);
    const turn = this.#turns.get(kind);
    return () => this.#turns.get(kind) === turn;
  }
}
