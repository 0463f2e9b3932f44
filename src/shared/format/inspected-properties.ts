import {
  builtInProperties,
  type FoundProperty,
  type PropertyRequest,
  type Unit,
} from '../domain/inspected-properties.ts';
import { assertNever } from '../errors.ts';
import { formatQuantity } from './numbers.ts';

/** "layer 2, unit 47 (memory)"; people count from 1. */
export function formatUnit({ state, layer, unit }: Unit): string {
  return `layer ${layer + 1}, unit ${unit + 1} (${state === 'c' ? 'memory' : 'output'})`;
}

/** What a property is called in results (`name`) and in lists (`title`). */
export function titleOfProperty(property: PropertyRequest): {
  readonly name: string;
  readonly title: string;
} {
  switch (property.kind) {
    case 'built-in':
      return { name: property.name, title: builtInProperties[property.name].title };
    case 'pair':
      return {
        name: `${property.open} ${property.close}`,
        title: `Between ${property.open} and ${property.close}`,
      };
    case 'word':
      return { name: property.word, title: `After “${property.word}”, to the end of the sentence` };
    case 'passages':
      return { name: 'marked passages', title: 'Marked passages' };
    default:
      return assertNever(property);
  }
}

/** By how much a unit must be better than the last six characters to count as remembering. */
const remembersFrom = 0.02;

/** Where a property holds, in a sentence: completes "more active ...". */
function where(property: PropertyRequest): string {
  switch (property.kind) {
    case 'built-in':
      return builtInProperties[property.name].yes ?? '';
    case 'pair':
      return `between ${property.open} and ${property.close}`;
    case 'word':
      return `after “${property.word}”`;
    case 'passages':
      return 'in the marked passages';
    default:
      return assertNever(property);
  }
}

/** Why a property cannot be tested: a part of the text has too few symbols where it holds, or where it does not. */
export interface ScarceLabel {
  readonly count: number;
  readonly isHeld: boolean;
  readonly needed: number;
}

/**
 * The verdict of a measured property: too rare if nothing was measured; nothing found unless the score is above chance; reacts if a table of the last
 * 1, 3 or 6 characters predicts as much or nearly as much; remembers otherwise.
 */
export function judgeProperty(
  measured: Omit<FoundProperty, 'verdict' | 'sentence'>,
  scarce?: ScarceLabel,
): FoundProperty {
  const { unit, score, chance, last } = measured;
  if (unit === null || score === null || chance === null || last === null) {
    return { ...measured, verdict: 'too-rare', sentence: rareSentence(measured.measure, scarce) };
  }
  if (score <= chance) {
    const sentence = `No unit follows it better than chance: the best scores ${shown(score)}, chance reaches ${shown(chance)}.`;
    return { ...measured, verdict: 'nothing', sentence };
  }
  const told = Math.max(last.one, last.three, last.six);
  const activity = activityOf(measured);
  if (score < told + remembersFrom) {
    const few = [
      { words: 'the last character alone tells', score: last.one },
      { words: 'the last 3 characters tell', score: last.three },
      { words: 'the last 6 characters tell', score: last.six },
    ].find((table) => score < table.score + remembersFrom);
    const sentence = `It reacts to what it just read: ${activity} (${shown(score)}), but ${few?.words ?? ''} as much (${shown(few?.score ?? told)}).`;
    return { ...measured, verdict: 'reacts', sentence };
  }
  const sentence = `It remembers: ${activity} (${shown(score)}; chance reaches ${shown(chance)}, the last 6 characters tell ${shown(last.six)}).`;
  return { ...measured, verdict: 'remembers', sentence };
}

function activityOf({
  property,
  measure,
  isPositive,
}: Pick<FoundProperty, 'property' | 'measure' | 'isPositive'>): string {
  if (measure === 'correlation') {
    return isPositive ? 'more active the larger the number' : 'less active the larger the number';
  }
  return `${isPositive ? 'more' : 'less'} active ${where(property)}`;
}

function rareSentence(measure: FoundProperty['measure'], scarce: ScarceLabel | undefined): string {
  if (measure === 'correlation' || scarce === undefined) {
    return 'Too rare here: the number hardly changes in this text.';
  }
  const { count, isHeld, needed } = scarce;
  return (
    `Too rare here: the unit is chosen on one part of the text and scored on another, and one of them has ${formatQuantity(count, 'symbol')} ` +
    `${isHeld ? 'with' : 'without'} it; at least ${needed} are needed.`
  );
}

function shown(score: number): string {
  return score.toFixed(2);
}
