import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { stretchAt, stretchesBetween, type Place, type Stretch } from '../../../shared/planning/streams.ts';

/** Positions `start` up to but not including `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A part of an excerpt that goes to one place and looks alike throughout. */
export interface Piece {
  readonly place: Place;
  readonly start: number;
  readonly text: string;
  /** True where a stretch of the text begins that is long enough to be named. */
  readonly isNamed: boolean;
  readonly isFound: boolean;
}

export interface PieceOptions {
  /** What was searched for, in order. */
  readonly found?: readonly Range[];
  /** A position at which a piece must begin, so that a page can scroll to it. */
  readonly at?: number | null;
}

/** Stretches shorter than this would put more names than words onto the page. */
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
 * What stands in the text where its picture is selected.
 * @param codes from the beginning of the piece on, at least as many as the piece has and one more
 * @param from first UTF-16 unit of the piece as it is drawn
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
