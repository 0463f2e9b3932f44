import { CharloomError } from '../../shared/errors.ts';
import { noRecords, recordSeparator } from '../../shared/domain/record-separator.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import type { Corpus } from './corpus.ts';

/** The facts needed to find the records of a text. */
type RecordText = Pick<Corpus, 'symbols' | 'vocabulary'>;

/** A text as independent records. */
export interface Records {
  /** For every symbol of the text 1 where a record starts: before it all states are zero. */
  readonly starts: Uint8Array;
  readonly count: number;
}

/**
 * Where the records of a text start: at its first symbol, and at the last symbol of every separator, which a model therefore reads from zero state.
 * Nothing of a record reaches the next, and a model that reads a separator starts a new record.
 * @param setting a run's `records`
 * @returns undefined for `off`, and if the separator does not occur
 */
export function findRecords(corpus: RecordText, setting: string): Records | undefined {
  const ends = recordEnds(corpus, setting);
  if (ends.length === 0) return undefined;
  const { length } = corpus.symbols;
  const starts = new Uint8Array(length);
  starts[0] = 1;
  for (const end of ends) starts[end] = 1;
  return { starts, count: ends.length + (ends.at(-1) === length - 1 ? 0 : 1) };
}

/**
 * The text with its records in an order drawn from a seed, each followed by its separator. What comes after the last separator stays last. A text without
 * records is returned unchanged.
 */
export function shuffleRecords<T extends RecordText>(corpus: T, setting: string, seed: number): T {
  const ends = recordEnds(corpus, setting);
  const generator = RandomGenerator.seeded('records', seed);
  const order = ends.map((_, record) => record);
  // Fisher and Yates.
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = generator.nextBelow(last + 1);
    [order[last], order[chosen]] = [order[chosen] ?? 0, order[last] ?? 0];
  }
  const symbols = corpus.symbols.slice();
  let at = 0;
  for (const record of order) {
    const first = (ends[record - 1] ?? -1) + 1;
    const piece = corpus.symbols.subarray(first, (ends[record] ?? 0) + 1);
    symbols.set(piece, at);
    at += piece.length;
  }
  return { ...corpus, symbols };
}

/** Positions of the last symbol of every separator; none for `off`. */
function recordEnds({ symbols, vocabulary }: RecordText, setting: string): readonly number[] {
  const separator = recordSeparator(setting);
  if (separator === null) return [];
  const codes =
    vocabulary.mode === 'bytes'
      ? [...new TextEncoder().encode(separator)]
      : [...separator].map((character) => character.codePointAt(0) ?? 0);
  const indices = codes.map((code) => vocabulary.codes.indexOf(code));
  return indices.includes(-1) ? [] : endsOf(symbols, indices);
}

/**
 * Refuses a run whose text has no such records.
 * @throws CharloomError('bad-setting')
 */
export function requireRecords(corpus: RecordText, setting: string): void {
  if (setting !== noRecords && recordEnds(corpus, setting).length === 0) throw noSuchSeparator(setting);
}

/** Positions of the last symbols of all occurrences of `wanted`; they do not overlap. */
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
      ? 'Records are set to lines, but the text has only one line.'
      : `The text does not contain the record separator “${setting}”.`,
    { fix: { kind: 'choose-records' } },
  );
}
