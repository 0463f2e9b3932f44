import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { stretchAt, stretchesBetween, type Place, type Stretch } from '../../../shared/planning/streams.ts';

/** Positions `start` up to but not including `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A part of an excerpt that goes to one place and looks the same throughout. */
export interface Piece {
  readonly place: Place;
  readonly start: number;
  readonly text: string;
  /** True if a part of the text starts here that is long enough for a label. */
  readonly isNamed: boolean;
  readonly isFound: boolean;
}

export interface PieceOptions {
  /** Matches of the search, in order. */
  readonly found?: readonly Range[];
  /** A position at which a piece must start, so that a page can scroll to it. */
  readonly at?: number | null;
}

/** Shorter parts would put more labels than text on the page. */
const shortestNamed = 120;

/** An excerpt of the text, cut where the splits are cut. Symbols without a picture get one. */
export function piecesOf(
  plan: ChunkPlan,
  start: number,
  codes: readonly number[],
  { found = [], at = null }: PieceOptions = {},
): readonly Piece[] {
  const end = start + codes.length;
  const here = found.filter((range) => range.start < end && range.end > start);
  const cuts = [...here.flatMap((range) => [range.start, range.end]), ...(at === null ? [] : [at])];
  return stretchesBetween(plan, start, end).flatMap((stretch) =>
    cutAt(stretch, cuts).map((part) => ({
      place: stretch.place,
      start: part.start,
      text: textOf(codes.slice(part.start - start, part.end - start), codes[part.end - start]),
      isNamed: isNamed(plan, part.start),
      isFound: here.some((range) => range.start <= part.start && part.start < range.end),
    })),
  );
}

function cutAt({ start, end }: Stretch, cuts: readonly number[]): readonly Range[] {
  const inside = cuts.filter((cut) => cut > start && cut < end);
  const borders = [start, ...new Set(inside.toSorted((a, b) => a - b)), end];
  return borders.slice(1).map((border, index) => ({ start: borders[index] ?? start, end: border }));
}

function isNamed(plan: ChunkPlan, position: number): boolean {
  const { start, end } = stretchAt(plan, position);
  return start === position && end - start >= shortestNamed;
}

function textOf(codes: readonly number[], after: number | undefined): string {
  return codes.map((code, at) => visible(code, codes[at + 1] ?? after)).join('');
}

/**
 * The text of a selection in its drawn form.
 * @param codes from the start of the piece, at least one more than the piece has
 * @param from first UTF-16 unit of the piece as drawn
 * @param to the one after the last
 */
export function originalOf(codes: readonly number[], from: number, to: number): string {
  let drawn = 0;
  let original = '';
  for (let at = 0; at < codes.length && drawn < to; at++) {
    const code = codes[at] ?? 0;
    if (drawn >= from) original += String.fromCodePoint(code);
    drawn += visible(code, codes[at + 1]).length;
  }
  return original;
}

/** Control characters as Unicode's pictures of them; line ends and tabs as they are; a lone surrogate as the replacement character. Line ends of other systems break lines too. */
function visible(code: number, next: number | undefined): string {
  if (code === 13 && next !== 10) return '␍\n';
  if (code === 0x85) return '␤\n';
  if (code === 10 || code === 9) return String.fromCodePoint(code);
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return '␡';
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
}
