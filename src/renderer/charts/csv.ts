export type CsvCell = string | number | null;

/** A table of which rows are made one after another. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly CsvCell[]>;
}

/**
 * A table as RFC 4180 says, line by line: CR LF ends, quotes where needed. What is no number is left empty. Text that a spreadsheet would
 * run as a formula gets an apostrophe: run names come from anywhere.
 */
export function* csvLines({ columns, rows }: CsvTable): Generator<string> {
  yield `${columns.map(formatCell).join(',')}\r\n`;
  for (const row of rows) yield `${row.map(formatCell).join(',')}\r\n`;
}

function formatCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
