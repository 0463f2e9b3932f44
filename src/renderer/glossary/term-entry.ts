/** A term in plain words. */
export interface TermEntry {
  readonly word: string;
  /** One sentence. */
  readonly meaning: string;
  /** What to do with it, or an example. */
  readonly more: string;
  /** Terms that belong beside it, by key. */
  readonly see?: readonly string[];
}
