export type CsvCell = string | number | null;

/** A table whose rows are generated one at a time. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly CsvCell[]>;
}

/**
 * A table according to RFC 4180, line by line: CR LF line ends, quotes where needed. Cells that are not numbers stay empty. Text that a spreadsheet
 * would run as a formula gets an apostrophe: run names are untrusted.
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
