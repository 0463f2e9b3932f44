import type { InspectItem } from '../../../shared/domain/text.ts';

/** Symbols of a page: the unit of requests. */
export const pageLength = 1500;
/** Number of pages kept in memory; those farthest from the visible part are dropped first. */
const maxKept = 60;

export interface PageRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/** The pages of a text of any size, requested as the user approaches them. */
export class TextPages {
  /** Codes of the symbols by page; replaced as a whole whenever a page arrives. */
  pages = $state.raw<Readonly<Record<number, readonly number[]>>>({});
  /** How many pages the text has. */
  readonly count: number;

  readonly #ask: (start: number, count: number) => void;
  #pending: readonly number[] = [];

  constructor(characters: number, ask: (start: number, count: number) => void) {
    this.count = Math.ceil(characters / pageLength);
    this.#ask = ask;
  }

  /** Requests those of these pages that are missing; true if none is. */
  want({ first, last }: PageRange): boolean {
    // Its length is not known yet.
    if (this.count === 0) return false;
    const wanted = pageNumbers(this.within({ first, last }));
    const missing = wanted.filter((page) => this.pages[page] === undefined);
    for (const page of missing.filter((each) => !this.#pending.includes(each))) {
      this.#pending = [...this.#pending, page];
      this.#ask(page * pageLength, pageLength);
    }
    return missing.length === 0;
  }

  /** The part of a range that the text has. */
  within({ first, last }: PageRange): PageRange {
    const end = Math.max(0, this.count - 1);
    const inside = (page: number): number => Math.min(end, Math.max(0, page));
    return { first: inside(first), last: inside(last) };
  }

  hear(item: InspectItem): void {
    // The connection was lost and restored: pending answers will not arrive.
    if (item.kind === 'report') {
      for (const page of this.#pending) this.#ask(page * pageLength, pageLength);
    }
    if (item.kind !== 'excerpt' || item.start % pageLength !== 0) return;
    const page = item.start / pageLength;
    this.#pending = this.#pending.filter((each) => each !== page);
    const distance = (other: string): number => Math.abs(Number(other) - page);
    const nearest = Object.entries(this.pages).toSorted(([a], [b]) => distance(a) - distance(b));
    this.pages = { ...Object.fromEntries(nearest.slice(0, maxKept - 1)), [page]: item.codes };
  }
}

export function pageOf(position: number): number {
  return Math.floor(position / pageLength);
}

export function pageNumbers({ first, last }: PageRange): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
