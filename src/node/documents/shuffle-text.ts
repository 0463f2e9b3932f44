import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { requireRecords, shuffleRecords } from '../../engine/dataset/records.ts';
import { writeAtomically } from '../files/atomic.ts';

/** The order of a text's records: the separator (the setting `records`) and the seed. */
export interface RecordOrder {
  readonly records: string;
  readonly seed: number;
}

/**
 * Puts the records of a UTF-8 text file into the order in which a run with `--shuffle-records` and this seed reads them.
 * @returns the sha256 of the resulting file
 * @throws CharloomError 'bad-setting' where there are no such records, 'storage'
 */
export async function shuffleTextFile(path: string, { records, seed }: RecordOrder): Promise<string> {
  const bytes = await readFile(path);
  // The text is read as bytes, with all byte values as vocabulary: a UTF-8 separator never occurs inside a character.
  const codes = Array.from({ length: 256 }, (_, code) => code);
  const corpus = { symbols: new Uint8Array(bytes), vocabulary: { mode: 'bytes', codes } as const };
  requireRecords(corpus, records);
  const { symbols } = shuffleRecords(corpus, records, seed);
  await writeAtomically(path, [symbols], 'write the text');
  return createHash('sha256').update(symbols).digest('hex');
}
