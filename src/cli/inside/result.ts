import type { Reach } from '../../engine/inspection/reach.ts';
import { vocabularySymbols } from '../../engine/dataset/vocabulary.ts';
import { heldUnits } from '../../node/inspection/held-values.ts';
import type { OpenInspection } from '../../node/inspection/open-inspection.ts';
import type { FoundProperty } from '../../shared/domain/inspected-properties.ts';
import { recordSeparator } from '../../shared/domain/record-separator.ts';
import { defaultSampleSettings, type SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { InsideResult } from '../json-output.ts';
import { holdsFor, typedUnit, type TypedHold } from './options.ts';
import type { Steps } from './steps.ts';

/** Number of symbols written for comparison unless --length is given. */
export const usualLength = 1000;

export function propertiesAsJson(found: readonly FoundProperty[]): InsideResult['properties'] {
  return found.map(({ name, unit, measure, isPositive, score, chance, last, verdict, sentence }) => ({
    name,
    unit: unit === null ? null : typedUnit(unit),
    kind: unit?.state ?? null,
    measure,
    positive: isPositive,
    score,
    chance,
    last_1: last?.one ?? null,
    last_3: last?.three ?? null,
    last_6: last?.six ?? null,
    verdict,
    sentence,
  }));
}

export function reachAsJson(reach: Reach | undefined): InsideResult['reach'] {
  return reach === undefined ? [] : [...reach.points, { characters: null, loss: reach.all }];
}

/** Writes with the units held and untouched, and measures what holding costs. */
export async function holdUnitsAsAsked(
  { inspection, metadata }: OpenInspection,
  steps: Steps,
  typed: readonly TypedHold[],
  wanted: Partial<Pick<SampleSettings, 'length' | 'seed' | 'primeText'>>,
): Promise<InsideResult['held']> {
  const held = heldUnits(inspection, holdsFor(metadata.spec.model, typed));
  const { length = usualLength, seed = defaultSampleSettings.seed, primeText = '' } = wanted;
  const settings = { ...defaultSampleSettings, length, seed, primeText };
  const written = await steps.write(held, recordSeparator(metadata.settings.records), settings);
  const cost = await steps.silence(held);
  const symbols = vocabularySymbols(inspection.text.vocabulary);
  return {
    units: held.map(({ unit, value }) => ({ unit: typedUnit(unit), kind: unit.state, value })),
    untouched: written.untouched,
    text: written.text,
    counted: [...written.counted],
    loss_untouched: cost.untouched,
    loss_held: cost.held,
    losses: cost.symbols.map(({ index, count, untouched, held: own }) => ({
      symbol: symbols[index] ?? '',
      count,
      untouched,
      held: own,
    })),
  };
}
