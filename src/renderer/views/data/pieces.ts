import type { ChunkPlan } from '../../../shared/planning/plan-types.ts';
import { stretchesBetween, type Place } from '../../../shared/planning/stripes.ts';

/** A part of an excerpt that goes to one place. */
export interface Piece {
  readonly place: Place;
  readonly start: number;
  readonly text: string;
}

/** An excerpt of the text, cut where the splits are cut. Symbols without a picture get one. */
export function piecesOf(plan: ChunkPlan, start: number, codes: readonly number[]): readonly Piece[] {
  return stretchesBetween(plan, start, start + codes.length).map((stretch) => ({
    place: stretch.place,
    start: stretch.start,
    text: codes
      .slice(stretch.start - start, stretch.end - start)
      .map(visible)
      .join(''),
  }));
}

/** Control characters as Unicode's pictures of them; line ends and tabs as they are; a lone surrogate as the replacement character. */
function visible(code: number): string {
  if (code === 10 || code === 9) return String.fromCodePoint(code);
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return '␡';
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
}
