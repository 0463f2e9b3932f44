import { CounterTable, hashKey } from './hash-table.ts';

/** What of a text has stood in it before. */
export interface Duplicates {
  /** Symbols of lines that repeat a block seen earlier; an estimate for texts of more than about a million blocks. */
  readonly symbols: number;
  /** Places where a repetition begins (those that were looked at). */
  readonly blocks: number;
  readonly examples: readonly { readonly line: number; readonly sameAs: number }[];
}

interface Line {
  readonly hash: number;
  readonly symbols: number;
  readonly line: number;
}
const noLine: Line = { hash: 0, symbols: 0, line: 0 };

/** Symbols that a block must have to count: a refrain is style, a page twice is an accident. */
const blockSymbols = 120;
/** A line this long is a block of its own: some texts have one line per paragraph. */
const longLine = 240;
const maxBlocks = 2 ** 20;

/**
 * Finds repeated blocks in one pass and bounded memory: every three lines in a row (blank ones aside) are hashed to 53 bits. When the
 * table is full, only hashes divisible by 2, 4, 8, … are kept and looked for, and what they find counts that many times.
 */
export class DuplicateBlocks {
  readonly #seen = new CounterTable();
  /** The two lines before, older first. */
  #older: Line = noLine;
  #newer: Line = noLine;
  #sampling = 1;
  #symbols = 0;
  #blocks = 0;
  /** Whether the block before repeated something: a long repetition begins only once. */
  #isRepeating = false;
  readonly #examples: { line: number; sameAs: number }[] = [];

  /** Adds a line that is not blank; `hash` is a whole number below 2^53. */
  addLine(hash: number, symbols: number, line: number): void {
    const [older, newer] = [this.#older, this.#newer];
    this.#older = newer;
    this.#newer = { hash, symbols, line };
    if (symbols >= longLine) return this.#look(hash, symbols, line);
    if (older === noLine || older.symbols + newer.symbols + symbols < blockSymbols) return;
    this.#look(mix(mix(older.hash, newer.hash), hash), symbols, older.line);
  }

  finish(): Duplicates {
    return { symbols: this.#symbols, blocks: this.#blocks, examples: this.#examples };
  }

  #look(key: number, symbols: number, line: number): void {
    if (!isSampled(key, this.#sampling)) return;
    const earlier = this.#seen.first(key);
    if (earlier === 0) {
      this.#isRepeating = false;
      this.#seen.add(key, line, 0);
      if (this.#seen.size >= maxBlocks) this.#thin();
      return;
    }
    this.#symbols += symbols * this.#sampling;
    if (!this.#isRepeating) {
      this.#blocks += 1;
      if (this.#examples.length < 5) this.#examples.push({ line, sameAs: earlier });
    }
    this.#isRepeating = true;
  }

  #thin(): void {
    this.#sampling *= 2;
    const sampling = this.#sampling;
    this.#seen.retain((key) => isSampled(key, sampling));
  }
}

/** One key in `sampling` (a power of two); hashed twice, or the survivors would crowd the same slots of the table. */
function isSampled(key: number, sampling: number): boolean {
  return (hashKey(hashKey(key)) & (sampling - 1)) === 0;
}

/** Joins two hashes into one below 2^53. */
function mix(first: number, second: number): number {
  const low = hashKey(first + second * 3);
  const high = hashKey(first * 5 + low) & 0xfffff;
  return high * 4294967296 + low;
}
