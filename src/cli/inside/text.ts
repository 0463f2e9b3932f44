import { formatCount } from '../../shared/format/numbers.ts';
import { formatSymbol } from '../../shared/format/symbols.ts';
import { formatTable } from '../../shared/format/tables.ts';
import type { InspectionVerdict } from '../../shared/domain/inspected-properties.ts';
import type { InsideResult } from '../json-output.ts';

const verdictWords: Readonly<Record<InspectionVerdict, string>> = {
  remembers: 'remembers',
  reacts: 'reacts to what it just read',
  nothing: 'nothing found',
  'too-rare': 'too rare here',
};
/** Number of symbols whose loss is listed; --json contains all. */
const shownLosses = 8;

/** The result as text. */
export function asText(result: InsideResult): string {
  const { text, symbols, properties, reach, held, states } = result;
  return [
    `${formatCount(symbols)} symbols of ${text}`,
    ...(properties.length === 0 ? [] : ['', propertyTable(properties), '', legend]),
    ...(reach.length === 0 ? [] : ['', 'The loss from only the last characters:', reachTable(reach)]),
    ...(held === null ? [] : ['', ...heldLines(held)]),
    ...(states.length === 0 ? [] : ['', `Written: ${states.join(', ')}`]),
  ].join('\n');
}

const legend =
  'Score: 1 is perfect and 0.5 is chance; for positions a correlation, 0 is chance. Scored on text that did not choose the unit. A unit that\n' +
  'scores 0.8 is more active there; it is no detector. c: memory, h: output; "-": less active.';

function propertyTable(properties: InsideResult['properties']): string {
  const shown = (value: number | null): string => (value === null ? '' : value.toFixed(2));
  return formatTable(
    [
      { title: 'property' },
      { title: 'unit' },
      { title: 'score', align: 'right' },
      { title: 'chance', align: 'right' },
      { title: 'last 1', align: 'right' },
      { title: 'last 3', align: 'right' },
      { title: 'last 6', align: 'right' },
      { title: 'verdict' },
    ],
    properties.map(
      ({ name, unit, kind, positive, score, chance, last_1: one, last_3: three, last_6: six, verdict }) => [
        name,
        unit === null ? '' : `${kind ?? ''}${unit}${positive ? '' : ' -'}`,
        shown(score),
        shown(chance),
        shown(one),
        shown(three),
        shown(six),
        verdictWords[verdict],
      ],
    ),
  );
}

function reachTable(reach: InsideResult['reach']): string {
  return formatTable(
    [
      { title: 'characters', align: 'right' },
      { title: 'loss', align: 'right' },
    ],
    reach.map(({ characters, loss }) => [
      characters === null ? 'all' : formatCount(characters),
      loss === null ? '' : loss.toFixed(3),
    ]),
  );
}

function heldLines(held: NonNullable<InsideResult['held']>): readonly string[] {
  const units = held.units.map(({ unit, kind, value }) => `${kind}${unit} at ${value.toFixed(3)}`).join(', ');
  const rates = formatTable(
    [
      { title: 'for each 1,000 symbols' },
      { title: 'untouched', align: 'right' },
      { title: 'held', align: 'right' },
    ],
    held.counted.map(({ name, untouched, held: own }) => [name, untouched.toFixed(1), own.toFixed(1)]),
  );
  const losses = formatTable(
    [
      { title: 'next symbol' },
      { title: 'times', align: 'right' },
      { title: 'loss untouched', align: 'right' },
      { title: 'held', align: 'right' },
    ],
    held.losses
      .slice(0, shownLosses)
      .map(({ symbol, count, untouched, held: own }) => [
        formatSymbol(symbol),
        formatCount(count),
        (untouched ?? Number.NaN).toFixed(3),
        (own ?? Number.NaN).toFixed(3),
      ]),
  );
  const loss = `Loss ${held.loss_untouched?.toFixed(4) ?? ''} untouched, ${held.loss_held?.toFixed(4) ?? ''} held. It rises most for:`;
  return ['Untouched:', held.untouched, '', `Held (${units}):`, held.text, '', rates, '', loss, losses];
}
