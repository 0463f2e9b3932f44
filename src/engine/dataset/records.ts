import { CharloomError } from '../../shared/errors.ts';
import { noRecords, recordSeparator } from '../../shared/domain/record-separator.ts';
import type { Corpus } from './corpus.ts';

/** A text as independent records. */
export interface Records {
  /** For every symbol of the text 1 where a record begins: before it all states are zero. */
  readonly starts: Uint8Array;
  readonly count: number;
}

/**
 * Where the records of a text begin: at its first symbol, and at the last symbol of every separator, which a model therefore reads from zero state. So nothing of a record reaches
 * the next, and a model that reads a separator writes a record of its own.
 * @param setting a run's `records`
 * @returns undefined for `off`, and where the separator does not occur
 */
export function findRecords(
  { symbols, vocabulary }: Pick<Corpus, 'symbols' | 'vocabulary'>,
  setting: string,
): Records | undefined {
  const separator = recordSeparator(setting);
  if (separator === null) return undefined;
  const codes =
    vocabulary.mode === 'bytes'
      ? [...new TextEncoder().encode(separator)]
      : [...separator].map((character) => character.codePointAt(0) ?? 0);
  const indices = codes.map((code) => vocabulary.codes.indexOf(code));
  const ends = indices.includes(-1) ? [] : endsOf(symbols, indices);
  if (ends.length === 0) return undefined;
  const starts = new Uint8Array(symbols.length);
  starts[0] = 1;
  for (const end of ends) starts[end] = 1;
  return { starts, count: ends.length + (ends.at(-1) === symbols.length - 1 ? 0 : 1) };
}

/**
 * Refuses a run whose text has no such records.
 * @throws CharloomError('bad-setting')
 */
export function requireRecords(corpus: Pick<Corpus, 'symbols' | 'vocabulary'>, setting: string): void {
  if (setting !== noRecords && findRecords(corpus, setting) === undefined) throw noSuchSeparator(setting);
}

/** Positions of the last symbols of all places where `wanted` stands; they do not overlap. */
function endsOf(symbols: Corpus['symbols'], wanted: readonly number[]): readonly number[] {
  const [first = 0] = wanted;
  const ends: number[] = [];
  for (let at = symbols.indexOf(first); at >= 0; at = symbols.indexOf(first, at + 1)) {
    if (!wanted.every((symbol, index) => symbols[at + index] === symbol)) continue;
    at += wanted.length - 1;
    ends.push(at);
  }
  return ends;
}

function noSuchSeparator(setting: string): CharloomError {
  return new CharloomError(
    'bad-setting',
    setting === 'line'
      ? 'Records are to be lines, and the text is a single line.'
      : `The text has no “${setting}” between records.`,
    { fix: { kind: 'choose-records' } },
  );
}
