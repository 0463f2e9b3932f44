import type { PropertyRequest } from '../../shared/domain/inspected-properties.ts';
import { pieceAt, placeOf, type InspectedSymbols } from './pieces.ts';
import { UnitScorer } from './scores.ts';
import type { UnitLevels } from './unit-levels.ts';

/** Some of the symbols read, and the scores of units on them. */
export interface Part {
  readonly positions: Uint32Array;
  /** Where those symbols are in the text. */
  readonly places: Uint32Array;
  readonly scorer: UnitScorer;
}

/** Two parts that share no symbol. */
export interface SearchParts {
  readonly choosing: Part;
  readonly scoring: Part;
}

type Passages = Extract<PropertyRequest, { kind: 'passages' }>['passages'];

/** Symbols before the first marked passage and after the last that count as unmarked. */
const margin = 2000;

/** The two parts as the pieces define them. */
export function partsByPiece(text: InspectedSymbols, levels: UnitLevels): SearchParts {
  const chooses = new Uint8Array(text.length);
  for (const { start, scoresFrom } of text.pieces) chooses.fill(1, start, scoresFrom);
  return partsOf(text, levels, (position) => chooses[position] === 1);
}

/**
 * Parts for marked passages: every other passage is for choosing, with the text around it up to half way to the next. Text far from all passages was not
 * examined by the user and belongs to neither part.
 */
export function partsByPassage(text: InspectedSymbols, levels: UnitLevels, passages: Passages): SearchParts {
  const ordered = passages.toSorted((a, b) => a.start - b.start);
  const middles = ordered.slice(1).map(({ start }, index) => ((ordered[index]?.end ?? 0) + start) / 2);
  const first = (ordered[0]?.start ?? 0) - margin;
  const last = Math.max(...ordered.map(({ end }) => end)) + margin;
  let at = 0;
  return partsOf(text, levels, (position) => {
    if (position < first || position >= last) return undefined;
    while (at < middles.length && position >= (middles[at] ?? Infinity)) at += 1;
    return at % 2 === 0;
  });
}

/** @param chooses called with each position in order: true for choosing, false for scoring, undefined for neither part */
function partsOf(
  text: InspectedSymbols,
  levels: UnitLevels,
  chooses: (position: number) => boolean | undefined,
): SearchParts {
  const [choosing, scoring]: [number[], number[]] = [[], []];
  for (let position = 0; position < text.length; position++) {
    const does = chooses(position);
    if (does !== undefined) (does ? choosing : scoring).push(position);
  }
  const part = (own: readonly number[]): Part => {
    const positions = Uint32Array.from(own);
    const places = positions.map((position) => {
      const piece = pieceAt(text, position);
      return piece === undefined ? 0 : placeOf(piece, position);
    });
    return { positions, places, scorer: new UnitScorer(levels, positions) };
  };
  return { choosing: part(choosing), scoring: part(scoring) };
}
