/** One position in a text, for display: line, column and context. */
export interface TextPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in symbols. */
  readonly column: number;
  /** The line around the place, control characters made visible. */
  readonly context: string;
}

const reach = 24;

/** Keeps the first few positions of each kind with their context, which may be in neighbouring blocks. */
export class PlaceRecorder<Kind extends string> {
  readonly #limit: number;
  readonly #places = new Map<Kind, TextPlace[]>();
  #unfinished: { readonly place: { context: string }; codes: number[]; missing: number }[] = [];
  /** The last codes of the previous block. */
  #tail: readonly number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes that the symbol at `at` of the current block is of this kind. */
  note(kind: Kind, line: number, column: number, codes: Uint32Array, at: number): void {
    const places = this.#places.get(kind) ?? [];
    if (places.length >= this.#limit) return;
    const earlier = at < reach ? this.#tail.slice(this.#tail.length - (reach - at)) : [];
    const before = [...earlier, ...codes.subarray(Math.max(0, at - reach), at)];
    const from = Math.max(before.lastIndexOf(10), before.lastIndexOf(13)) + 1;
    const after = [...codes.subarray(at, at + 1 + reach)];
    const place = { line, column, context: '' };
    places.push(place);
    this.#places.set(kind, places);
    const seen = [...before.slice(from), ...after];
    const entry = { place, codes: seen, missing: 1 + reach - after.length };
    this.#unfinished.push(entry);
  }

  /** Call when all of a block has been noted, before `beginBlock` with the next one. */
  endBlock(codes: Uint32Array): void {
    this.#tail = [...this.#tail, ...codes.subarray(-reach)].slice(-reach);
  }

  /** Call with each new block, before anything in it is noted. */
  beginBlock(codes: Uint32Array): void {
    for (const entry of this.#unfinished) {
      const more = codes.subarray(0, entry.missing);
      entry.codes.push(...more);
      entry.missing -= more.length;
    }
    this.#settle((entry) => entry.missing === 0);
  }

  /** The places by kind. Call after the last block. */
  finish(): ReadonlyMap<Kind, readonly TextPlace[]> {
    this.#settle(() => true);
    return this.#places;
  }

  #settle(isDone: (entry: { missing: number }) => boolean): void {
    for (const entry of this.#unfinished) if (isDone(entry)) entry.place.context = visible(entry.codes);
    this.#unfinished = this.#unfinished.filter((entry) => !isDone(entry));
  }
}

/** Kept up to the end of the line; control characters become their Unicode pictures. */
function visible(codes: readonly number[]): string {
  const shown = codes.map((code) => (code < 0x20 ? code + 0x2400 : code));
  const text = String.fromCodePoint(...shown);
  const lineEnd = text.slice(1).search(/[␊␍]/);
  return lineEnd < 0 ? text : text.slice(0, lineEnd + 2);
}
