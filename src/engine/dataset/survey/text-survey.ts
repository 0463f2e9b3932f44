import type { SymbolMode } from '../corpus.ts';
import type { DecodedBlock } from '../decoding/decoder.ts';
import { countLineEnds, otherLineEnds } from '../line-ends.ts';
import { DirtFinder, type Dirt, type DirtKind } from './dirt-finder.ts';
import { DuplicateBlocks, type Duplicates } from './duplicate-blocks.ts';
import type { SymbolCount } from './symbol-count.ts';
import { PlaceRecorder, type TextPlace } from './text-positions.ts';
import { codeSpace, createKindTable, symbolKinds } from './symbol-kinds.ts';

export type NotedPlace =
  | 'invalid-bytes'
  | 'replacement-characters'
  | 'null-characters'
  | 'control-characters'
  | 'smart-quotes'
  | 'invisible-characters'
  | 'tabs'
  | 'long-lines';

/** The result of one pass over a text; its size is bounded, however long the text is. */
export interface TextSurvey {
  /** N before line ends are normalised. */
  readonly characters: number;
  /** By code, ascending. */
  readonly counts: readonly SymbolCount[];
  readonly lines: number;
  readonly longestLine: { readonly line: number; readonly symbols: number };
  readonly longLines: number;
  readonly lineEnds: { readonly lf: number; readonly crlf: number; readonly cr: number };
  /** U+FFFD for undecodable bytes; the others were already in the file. */
  readonly invalid: number;
  readonly places: ReadonlyMap<NotedPlace, readonly TextPlace[]>;
  readonly duplicates: Duplicates;
  readonly dirt: Readonly<Record<DirtKind, Dirt>>;
}

/** A longer line is reported: most texts have none, a text without line ends is one. */
export const longLineSymbols = 5000;
const placesOfAKind = 5;

/** Takes decoded blocks one after another and counts everything that the health report and the vocabulary need. */
export class TextSurveyor {
  readonly #kinds = createKindTable();
  readonly #counts = new Uint32Array(codeSpace);
  readonly #firstLines = new Map<number, number>();
  readonly #places = new PlaceRecorder<NotedPlace>(placesOfAKind);
  readonly #duplicates = new DuplicateBlocks();
  readonly #dirt = new DirtFinder();
  #position = 0;
  #line = 1;
  #lineStart = 0;
  #afterCarriageReturn = false;
  #lineEnds = { lf: 0, crlf: 0, cr: 0 };
  #longestLine = { line: 1, symbols: 0 };
  #longLines = 0;
  #invalid = 0;
  #nextInvalid = 0;
  readonly #hasOtherLineEnds: boolean;

  /** @param mode bytes: a code is a byte, and a byte alone is not a line separator */
  constructor(mode: SymbolMode = 'characters') {
    this.#hasOtherLineEnds = mode === 'characters';
  }

  add(block: DecodedBlock): void {
    const { codes } = block;
    if (codes.length === 0) return;
    this.#places.beginBlock(codes);
    this.#dirt.add(codes, (at) => this.#line + this.#linesBefore(codes, at));
    this.#nextInvalid = 0;
    this.#invalid += block.invalid.length;
    for (let at = 0; at < codes.length;) {
      at = this.#scan(codes, at);
      if (at < codes.length) this.#look(block, at++);
    }
    this.#position += codes.length;
    this.#places.endBlock(codes);
  }

  /** Counts ordinary symbols from `at`; returns the position of the first that needs a check. */
  #scan(codes: Uint32Array, at: number): number {
    const kinds = this.#kinds;
    const counts = this.#counts;
    const plain = symbolKinds.plain;
    let next = at;
    for (; next < codes.length; next += 1) {
      const code = codes[next] ?? 0;
      if (kinds[code] !== plain) break;
      const seen = counts[code] ?? 0;
      counts[code] = seen + 1;
      if (seen === 0) this.#firstLines.set(code, this.#line);
    }
    this.#duplicates.add(codes, at, next, this.#line);
    if (next > at) this.#afterCarriageReturn = false;
    return next;
  }

  #look(block: DecodedBlock, at: number): void {
    const code = block.codes[at] ?? 0;
    const seen = this.#counts[code] ?? 0;
    this.#counts[code] = seen + 1;
    if (seen === 0) this.#firstLines.set(code, this.#line);
    this.#duplicates.add(block.codes, at, at + 1, this.#line);
    const kind = this.#kinds[code] ?? 0;
    if (kind === symbolKinds.lineFeed || kind === symbolKinds.carriageReturn) {
      this.#lineEnd(kind, block.codes, at);
      return;
    }
    this.#afterCarriageReturn = false;
    this.#note(kind, block, at);
    if (this.#hasOtherLineEnds && otherLineEnds.includes(code)) this.#endLine(block.codes, at);
  }

  finish(): TextSurvey {
    const last = this.#position - this.#lineStart;
    if (last > 0) this.#closeLine(last);
    return {
      characters: this.#position,
      counts: this.#sortedCounts(),
      lines: last > 0 ? this.#line : this.#line - 1,
      longestLine: this.#longestLine,
      longLines: this.#longLines,
      lineEnds: this.#lineEnds,
      invalid: this.#invalid,
      places: this.#places.finish(),
      duplicates: this.#duplicates.finish(),
      dirt: this.#dirt.finish(),
    };
  }

  /** Undecodable bytes and well-formed symbols outside ASCII so far: enough to see that a text is not UTF-8 after all. */
  tally(): { readonly wide: number; readonly invalid: number } {
    let wide = 0;
    for (const code of this.#firstLines.keys()) if (code > 0x7f) wide += this.#counts[code] ?? 0;
    return { wide: wide - this.#invalid, invalid: this.#invalid };
  }

  #lineEnd(kind: number, codes: Uint32Array, at: number): void {
    if (kind === symbolKinds.lineFeed && this.#afterCarriageReturn) {
      this.#lineEnds.cr -= 1;
      this.#lineEnds.crlf += 1;
      this.#afterCarriageReturn = false;
      this.#lineStart = this.#position + at + 1;
      return;
    }
    this.#afterCarriageReturn = kind === symbolKinds.carriageReturn;
    if (this.#afterCarriageReturn) this.#lineEnds.cr += 1;
    else this.#lineEnds.lf += 1;
    this.#endLine(codes, at);
  }

  #endLine(codes: Uint32Array, at: number): void {
    const end = this.#position + at;
    const symbols = end - this.#lineStart;
    if (symbols > longLineSymbols) this.#places.note('long-lines', this.#line, symbols, codes, at);
    this.#closeLine(symbols);
    this.#line += 1;
    this.#lineStart = end + 1;
  }

  /** Lines that end in a block before a position; called before the block is scanned. */
  #linesBefore(codes: Uint32Array, at: number): number {
    return countLineEnds(codes.subarray(0, at), this.#afterCarriageReturn, this.#hasOtherLineEnds);
  }

  #closeLine(symbols: number): void {
    if (symbols > this.#longestLine.symbols) this.#longestLine = { line: this.#line, symbols };
    if (symbols > longLineSymbols) this.#longLines += 1;
  }

  #note(kind: number, block: DecodedBlock, at: number): void {
    const place = this.#placeOf(kind, block, at);
    const column = this.#position + at - this.#lineStart + 1;
    this.#places.note(place, this.#line, column, block.codes, at);
  }

  #placeOf(kind: number, block: DecodedBlock, at: number): NotedPlace {
    switch (kind) {
      case symbolKinds.tab:
        return 'tabs';
      case symbolKinds.null:
        return 'null-characters';
      case symbolKinds.smartQuote:
        return 'smart-quotes';
      case symbolKinds.invisible:
        return 'invisible-characters';
      case symbolKinds.replacement:
        if (block.invalid[this.#nextInvalid] !== at) return 'replacement-characters';
        this.#nextInvalid += 1;
        return 'invalid-bytes';
      default:
        return 'control-characters';
    }
  }

  #sortedCounts(): SymbolCount[] {
    return [...this.#firstLines]
      .map(([code, firstLine]) => ({ code, count: this.#counts[code] ?? 0, firstLine }))
      .sort((a, b) => a.code - b.code);
  }
}
