import {
  builtInPropertyNames,
  type FoundProperty,
  type PropertyRequest,
} from '../../shared/domain/inspected-properties.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import {
  judgeProperty,
  titleOfProperty,
  type ScarceLabel,
} from '../../shared/format/inspected-properties.ts';
import { rankCorrelation } from '../../shared/statistics/ranks.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { ContextTable } from './context-table.ts';
import type { InspectedSymbols, Range } from './pieces.ts';
import { isNumber, labelPositions, labelRange } from './properties/label.ts';
import { areaUnderCurve, centredRanks, type UnitScorer } from './scores.ts';
import { partsByPassage, partsByPiece, type SearchParts } from './search-parts.ts';
import type { UnitLevels } from './unit-levels.ts';
import { unitWithNumber } from './units.ts';

/** Minimum number of symbols with the property, and without it, in each part. */
const fewest = 50;
const rotations = 20;
const otherUnits = 3;

/** All built-in properties of the search. */
export const allProperties: readonly PropertyRequest[] = builtInPropertyNames.map((name) => ({
  kind: 'built-in',
  name,
}));

/** A property with its labels in both parts. */
interface LabelledProperty {
  readonly property: PropertyRequest;
  readonly isNumeric: boolean;
  readonly parts: SearchParts;
  readonly choosing: Float32Array;
  readonly scoring: Float32Array;
}

/**
 * Finds the unit that follows a property best. Units are chosen on one part of the text and scored on another. Chance is the highest score of any unit
 * when the labels of the scored part are rotated against the text, which preserves the structure of the labels and breaks their relation to the text.
 * Scores are signed here: twice the area under the curve minus one, or the rank correlation.
 */
export class UnitSearch {
  readonly #spec: ModelSpec;
  readonly #text: InspectedSymbols;
  readonly #levels: UnitLevels;
  #parts: SearchParts | undefined;
  #table: ContextTable | undefined;

  constructor(spec: ModelSpec, text: InspectedSymbols, levels: UnitLevels) {
    this.#spec = spec;
    this.#text = text;
    this.#levels = levels;
  }

  /** Takes up to a few seconds; yields the progress, 0..1, so that the caller can do other work between two steps. */
  *find(property: PropertyRequest): Generator<number, FoundProperty, void> {
    const labelled = this.#label(property);
    const { isNumeric, parts } = labelled;
    const about = aboutProperty(labelled);
    if (isTooRare(labelled)) {
      return judgeProperty({ ...about, ...nothingMeasured }, scarcestLabel(labelled));
    }
    const chosen = scoreUnits(parts.choosing.scorer, ranked(labelled.choosing, isNumeric), isNumeric);
    const [best = 0, ...others] = strongest(chosen);
    const scoring = ranked(labelled.scoring, isNumeric);
    const scored = scoreUnits(parts.scoring.scorer, scoring, isNumeric)[best] ?? 0;
    const isPositive = (chosen[best] ?? 0) >= 0;
    const chance = yield* measureChance(parts.scoring.scorer, scoring, isNumeric);
    const told = (score: number): number => (isNumeric ? score : (score + 1) / 2);
    const strength = (unit: number): number => told(Math.abs(chosen[unit] ?? 0));
    return judgeProperty({
      ...about,
      unit: unitWithNumber(this.#spec, best),
      isPositive,
      score: told(isPositive ? scored : -scored),
      chosenScore: strength(best),
      chance: told(chance),
      last: this.#lastSymbols(labelled),
      others: others
        .slice(0, otherUnits)
        .map((unit) => ({ unit: unitWithNumber(this.#spec, unit), chosenScore: strength(unit) })),
    });
  }

  /** The score of one unit, in the direction that it has in the part for choosing; null if the property is too rare. */
  scoreOf(property: PropertyRequest, number: number): number | null {
    const labelled = this.#label(property);
    if (isTooRare(labelled)) return null;
    const { isNumeric, parts } = labelled;
    const [chosen, scored] = (['choosing', 'scoring'] as const).map(
      (part) => scoreUnits(parts[part].scorer, ranked(labelled[part], isNumeric), isNumeric)[number] ?? 0,
    );
    const score = (scored ?? 0) * ((chosen ?? 0) < 0 ? -1 : 1);
    return isNumeric ? score : (score + 1) / 2;
  }

  #label(property: PropertyRequest): LabelledProperty {
    const labels = labelPositions(this.#text, property);
    const parts =
      property.kind === 'passages'
        ? partsByPassage(this.#text, this.#levels, property.passages)
        : (this.#parts ??= partsByPiece(this.#text, this.#levels));
    const pick = (positions: Uint32Array): Float32Array =>
      Float32Array.from(positions, (position) => labels[position] ?? 0);
    return {
      property,
      isNumeric: isNumber(property),
      parts,
      choosing: pick(parts.choosing.positions),
      scoring: pick(parts.scoring.positions),
    };
  }

  /** Marked passages are known only where they were marked: then the table is trained on the part for choosing. */
  #lastSymbols({ property, isNumeric, parts, choosing, scoring }: LabelledProperty): FoundProperty['last'] {
    const { symbols, tableRanges } = this.#text;
    const { places } = parts.scoring;
    const isMarked = property.kind === 'passages';
    const table = isMarked
      ? new ContextTable(symbols, rangesOf(parts.choosing.places), places)
      : (this.#table ??= new ContextTable(symbols, tableRanges, places));
    const { one, three, six } = table.predict(isMarked ? choosing : this.#tableLabels(property));
    const score = (values: Float32Array): number =>
      isNumeric ? (rankCorrelation(values, scoring) ?? 0) : areaUnderCurve(values, scoring);
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

function aboutProperty({ property, isNumeric, scoring }: LabelledProperty): {
  readonly property: PropertyRequest;
  readonly name: string;
  readonly title: string;
  readonly measure: FoundProperty['measure'];
  readonly positives: number;
  readonly symbols: number;
} {
  const symbols = scoring.length;
  const positives = isNumeric ? symbols : positivesOf(scoring);
  const measure = isNumeric ? 'correlation' : 'auc';
  return { property, ...titleOfProperty(property), measure, positives, symbols };
}

function isTooRare(labelled: LabelledProperty): boolean {
  const { isNumeric, choosing, scoring } = labelled;
  if (!isNumeric) return scarcestLabel(labelled).count < fewest;
  return [choosing, scoring].some(
    (labels) => labels.length < 2 * fewest || labels.every((label) => label === labels[0]),
  );
}

/** The rarest label over both parts. */
function scarcestLabel({ choosing, scoring }: LabelledProperty): ScarceLabel {
  const counts = [choosing, scoring].flatMap((labels) => {
    const positives = positivesOf(labels);
    return [
      { count: positives, isHeld: true, needed: fewest },
      { count: labels.length - positives, isHeld: false, needed: fewest },
    ];
  });
  return counts.reduce((least, one) => (one.count < least.count ? one : least));
}

function positivesOf(labels: Float32Array): number {
  return labels.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0);
}

/** Replaces numbers with their ranks, which rotate with them. */
function ranked(labels: Float32Array, isNumeric: boolean): Float32Array {
  return isNumeric ? centredRanks(labels) : labels;
}

function scoreUnits(scorer: UnitScorer, labels: Float32Array, isNumeric: boolean): Float64Array {
  return isNumeric ? scorer.correlations(labels) : scorer.areas(labels).map((area) => 2 * area - 1);
}

/** Units by absolute score, strongest first. */
function strongest(scores: Float64Array): readonly number[] {
  const strength = (unit: number): number => Math.abs(scores[unit] ?? 0);
  return [...scores.keys()].sort((a, b) => strength(b) - strength(a) || a - b);
}

/** The highest score, in either direction, that any unit has in any rotation. */
function* measureChance(
  scorer: UnitScorer,
  labels: Float32Array,
  isNumeric: boolean,
): Generator<number, number, void> {
  let chance = 0;
  for (let turn = 0; turn < rotations; turn++) {
    yield turn / rotations;
    for (const score of scoreUnits(scorer, rotate(labels, turn), isNumeric)) {
      chance = Math.max(chance, Math.abs(score));
    }
  }
  return chance;
}

/** Never by less than a twentieth of the length: neighbouring labels depend on each other. */
function rotate(labels: Float32Array, turn: number): Float32Array {
  const generator = RandomGenerator.seeded('inspection', turn);
  const least = Math.ceil(labels.length / 20);
  const by = least + generator.nextBelow(Math.max(1, labels.length - 2 * least));
  const rotated = new Float32Array(labels.length);
  rotated.set(labels.subarray(by), 0);
  rotated.set(labels.subarray(0, by), labels.length - by);
  return rotated;
}

function rangesOf(places: Uint32Array): readonly Range[] {
  return Array.from(places, (place) => ({ start: place, end: place + 1 }));
}
