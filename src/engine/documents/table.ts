import Papa from 'papaparse';
import type { OfferedChoice } from '../../shared/domain/documents.ts';
import { CharloomError } from '../../shared/errors.ts';
import { decodeText } from './decode.ts';
import { offerOf, takenWords } from './offered.ts';
import { joinParagraphs, readAs, type ReadDocument, type Reading } from './reading.ts';

/**
 * Reads one column of a table (RFC 4180, and with semicolons or tabs), a paragraph for each row. The first row names the columns.
 * @throws CharloomError('bad-text') if there is no such column
 */
export function readTable(kind: 'csv' | 'tsv', bytes: Uint8Array, reading: Reading): ReadDocument {
  const { name, choices } = reading;
  const { data, errors } = Papa.parse<string[]>(decodeText(bytes, choices.encoding), {
    skipEmptyLines: 'greedy',
    delimiter: kind === 'tsv' ? '\t' : '',
    delimitersToGuess: [',', ';', '\t', '|'],
  });
  const [headings = [], ...rows] = data;
  const columns = headings.map((heading, index) => ({
    name: heading.trim() === '' ? String(index + 1) : heading.trim(),
    values: rows.map((row) => row[index] ?? ''),
  }));
  const offer = offerOf('column', columns, indexOf(columns, choices.column, name));
  const taken = columns.find((column) => column.name === offer.taken);
  const values = (taken?.values ?? []).map((value) => value.trim()).filter((value) => value !== '');
  return readAs(kind, joinParagraphs(values), { choice: offer, problems: [...notes(offer, errors.length)] });
}

function notes(offer: OfferedChoice, errors: number): readonly string[] {
  const taken = takenWords(offer);
  return [
    ...(taken === null ? [] : [taken]),
    ...(errors === 0 ? [] : [`${errors === 1 ? '1 row is' : `${errors} rows are`} not well formed.`]),
  ];
}

/** The chosen column by its heading or its number from 1; null when none was chosen. */
function indexOf(
  columns: readonly { readonly name: string }[],
  chosen: string | null,
  file: string,
): number | null {
  if (chosen === null) return null;
  const wanted = chosen.trim().toLowerCase();
  const byName = columns.findIndex((column) => column.name.toLowerCase() === wanted);
  const index = byName >= 0 ? byName : Number(/^\d+$/.test(wanted) ? wanted : Number.NaN) - 1;
  if (columns[index] !== undefined) return index;
  throw new CharloomError('bad-text', `${file} has no column “${chosen}”.`, {
    fix: `It has ${columns
      .slice(0, 20)
      .map((column) => `“${column.name}”`)
      .join(', ')}.`,
  });
}
