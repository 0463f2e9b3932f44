import {
  builtInPropertyNames,
  type FoundProperty,
  type PropertyRequest,
} from '../../shared/domain/inspected-properties.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import { judgeProperty, titleOfProperty } from '../../shared/format/inspected-properties.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { ContextTable } from './context-table.ts';
import { pieceAt, placeOf, type InspectedSymbols } from './pieces.ts';
import { isNumber, labelPositions, labelRange } from './properties/label.ts';
import { areaUnderCurve, centredRanks, rankCorrelation, UnitScorer } from './scores.ts';
import type { UnitLevels } from './unit-levels.ts';
import { unitWithNumber } from './units.ts';

/** Symbols with the property, and without it, that a part must have. */
const fewest = 50;
const rotations = 20;
const otherUnits = 3;

/** All built-in properties of the search. */
export const allProperties: readonly PropertyRequest[] = builtInPropertyNames.map((name) => ({
  kind: 'built-in',
  name,
}));

interface Part {
  readonly positions: Uint32Array;
  readonly scorer: UnitScorer;
}

/** Labels of a part, and how units are scored by them: from 0 for the opposite to 1, or from -1. */
interface Measured {
  readonly chosen: Float64Array;
  /** Scores of all units for these labels of the scored part. */
  readonly score: (labels: Float32Array) => Float64Array;
}

/**
 * Looks for the unit that follows a property best. Units are chosen on one part of the text and scored on another; chance is the highest score of any
 * unit when the labels of the scored part are rotated against it, which keeps how they hang together and breaks what they have to do with the text.
 */
export class UnitSearch {
  readonly #spec: ModelSpec;
  readonly #text: InspectedSymbols;
  readonly #levels: UnitLevels;
  readonly #parts = new Map<string, { readonly choosing: Part; readonly scoring: Part }>();
  #table: ContextTable | undefined;

  constructor(spec: ModelSpec, text: InspectedSymbols, levels: UnitLevels) {
    this.#spec = spec;
    this.#text = text;
    this.#levels = levels;
  }

  /** Takes up to some seconds; yields the share done, so that the caller can do other things between two steps. */
  *find(property: PropertyRequest): Generator<number, FoundProperty, void> {
    const labels = labelPositions(this.#text, property);
    const { choosing, scoring } = this.#partsFor(property);
    const own = { choosing: pick(labels, choosing.positions), scoring: pick(labels, scoring.positions) };
    const about = {
      property,
      ...titleOfProperty(property),
      measure: isNumber(property) ? ('correlation' as const) : ('auc' as const),
      positives: own.scoring.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0),
      symbols: own.scoring.length,
    };
    const isRare = isNumber(property)
      ? isConstant(own.choosing) || isConstant(own.scoring)
      : isTooRare(own.choosing) || isTooRare(own.scoring);
    if (isRare) return judgeProperty({ ...about, ...nothingMeasured });
    const measured = measure(isNumber(property), choosing, scoring, own.choosing);
    const scoringLabels = isNumber(property) ? centredRanks(own.scoring) : own.scoring;
    const order = [...measured.chosen.keys()].sort(
      (a, b) => strength(measured.chosen[b]) - strength(measured.chosen[a]) || a - b,
    );
    const [best = 0, ...others] = order;
    const isPositive = (measured.chosen[best] ?? 0) >= 0;
    const scored = measured.score(scoringLabels)[best] ?? 0;
    yield 1 / (rotations + 1);
    let chance = 0;
    for (let turn = 0; turn < rotations; turn++) {
      const rotated = rotate(scoringLabels, turn);
      for (const score of measured.score(rotated)) chance = Math.max(chance, Math.abs(score));
      yield (turn + 2) / (rotations + 1);
    }
    const outward = outwardFor(isNumber(property));
    return judgeProperty({
      ...about,
      unit: unitWithNumber(this.#spec, best),
      isPositive,
      score: outward(isPositive ? scored : -scored),
      chosenScore: outward(strength(measured.chosen[best])),
      chance: outward(chance),
      last: this.#lastSymbols(property, scoring, own.scoring, own.choosing),
      others: others.slice(0, otherUnits).map((number) => ({
        unit: unitWithNumber(this.#spec, number),
        chosenScore: outward(strength(measured.chosen[number])),
      })),
    });
  }

  /** The score of one unit, in the direction that it was chosen in; null where the property is too rare. */
  scoreOf(property: PropertyRequest, number: number): number | null {
    const labels = labelPositions(this.#text, property);
    const { choosing, scoring } = this.#partsFor(property);
    const own = { choosing: pick(labels, choosing.positions), scoring: pick(labels, scoring.positions) };
    if (isConstant(own.scoring) || isConstant(own.choosing)) return null;
    const measured = measure(isNumber(property), choosing, scoring, own.choosing);
    const direction = Math.sign(measured.chosen[number] ?? 0) || 1;
    return outwardFor(isNumber(property))(
      direction * (measured.score(isNumber(property) ? centredRanks(own.scoring) : own.scoring)[number] ?? 0),
    );
  }

  #partsFor(property: PropertyRequest): { readonly choosing: Part; readonly scoring: Part } {
    const key = property.kind === 'passages' ? JSON.stringify(property.passages) : '';
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const chooses =
      property.kind === 'passages' ? choosesByPassage(property.passages) : choosesByPiece(this.#text);
    const [choosing, scoring] = [new Array<number>(), new Array<number>()];
    for (let position = 0; position < this.#text.length; position++) {
      const does = chooses(position);
      if (does !== undefined) (does ? choosing : scoring).push(position);
    }
    const part = (positions: number[]): Part => {
      const own = Uint32Array.from(positions);
      return { positions: own, scorer: new UnitScorer(this.#levels, own) };
    };
    const parts = { choosing: part(choosing), scoring: part(scoring) };
    if (key !== '') this.#parts.clear();
    this.#parts.set(key, parts);
    return parts;
  }

  /** Marked passages are known only where they were marked: then the table learns from the part that chooses. */
  #lastSymbols(
    property: PropertyRequest,
    scoring: Part,
    scored: Float32Array,
    chosen: Float32Array,
  ): FoundProperty['last'] {
    const isMarked = property.kind === 'passages';
    const table = isMarked
      ? new ContextTable(
          this.#text.symbols,
          this.#placesAsRanges(property),
          this.#placesOf(scoring.positions),
        )
      : (this.#table ??= new ContextTable(
          this.#text.symbols,
          this.#text.tableRanges,
          this.#placesOf(scoring.positions),
        ));
    const learned = isMarked ? chosen : this.#tableLabels(property);
    const { one, three, six } = table.predict(learned);
    const score = (values: Float32Array): number =>
      isNumber(property) ? rankCorrelation(values, scored) : areaUnderCurve(values, scored);
    return { one: score(one), three: score(three), six: score(six) };
  }

  #tableLabels(property: Exclude<PropertyRequest, { kind: 'passages' }>): Float32Array {
    const parts = this.#text.tableRanges.map((range) => labelRange(this.#text, property, range));
    const labels = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      labels.set(part, at);
      at += part.length;
    }
    return labels;
  }

  #placesAsRanges(property: PropertyRequest): readonly { start: number; end: number }[] {
    return Array.from(this.#placesOf(this.#partsFor(property).choosing.positions), (place) => ({
      start: place,
      end: place + 1,
    }));
  }

  #placesOf(positions: Uint32Array): Uint32Array {
    return positions.map((position) => {
      const piece = pieceAt(this.#text, position);
      return piece === undefined ? 0 : placeOf(piece, position);
    });
  }
}

const nothingMeasured = {
  unit: null,
  isPositive: true,
  score: null,
  chosenScore: null,
  chance: null,
  last: null,
  others: [],
} as const;

/** Scores around 0: twice the area less one, or the correlation. */
function measure(isNumeric: boolean, choosing: Part, scoring: Part, labels: Float32Array): Measured {
  if (isNumeric) {
    return {
      chosen: choosing.scorer.correlations(centredRanks(labels)),
      score: (ranks) => scoring.scorer.correlations(ranks),
    };
  }
  const around = (areas: Float64Array): Float64Array => areas.map((area) => 2 * area - 1);
  return {
    chosen: around(choosing.scorer.areas(labels)),
    score: (own) => around(scoring.scorer.areas(own)),
  };
}

/** The reported measure: an area, or a correlation. */
function outwardFor(isNumeric: boolean): (score: number) => number {
  return isNumeric ? (score) => score : (score) => (score + 1) / 2;
}

function strength(score: number | undefined): number {
  return Math.abs(score ?? 0);
}

function pick(labels: Float32Array, positions: Uint32Array): Float32Array {
  return Float32Array.from(positions, (position) => labels[position] ?? 0);
}

function isTooRare(labels: Float32Array): boolean {
  const positives = labels.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0);
  return positives < fewest || labels.length - positives < fewest;
}

function isConstant(labels: Float32Array): boolean {
  return labels.length < 2 * fewest || labels.every((label) => label === labels[0]);
}

/** Never by less than a twentieth of the whole: labels hang together over some way. */
function rotate(labels: Float32Array, turn: number): Float32Array {
  const generator = RandomGenerator.seeded('inspection', turn);
  const least = Math.ceil(labels.length / 20);
  const by = least + generator.nextBelow(Math.max(1, labels.length - 2 * least));
  const rotated = new Float32Array(labels.length);
  rotated.set(labels.subarray(by), 0);
  rotated.set(labels.subarray(0, by), labels.length - by);
  return rotated;
}

function choosesByPiece(text: InspectedSymbols): (position: number) => boolean {
  const chooses = new Uint8Array(text.length);
  for (const { start, scoresFrom } of text.pieces) chooses.fill(1, start, scoresFrom);
  return (position) => chooses[position] === 1;
}

/** Symbols before the first passage and after the last that count as not in one. */
const margin = 2000;

/** Every other passage, with the text around it as far as half way to the next, chooses. Text far from all of them has not been looked at. */
function choosesByPassage(
  passages: readonly { readonly start: number; readonly end: number }[],
): (position: number) => boolean | undefined {
  const ordered = passages.toSorted((a, b) => a.start - b.start);
  const middles = ordered.slice(1).map(({ start }, index) => ((ordered[index]?.end ?? 0) + start) / 2);
  const first = (ordered[0]?.start ?? 0) - margin;
  const last = Math.max(...ordered.map(({ end }) => end)) + margin;
  let at = 0;
  return (position) => {
    if (position < first || position >= last) return undefined;
    while (at < middles.length && position >= (middles[at] ?? Infinity)) at += 1;
    return at % 2 === 0;
  };
}
