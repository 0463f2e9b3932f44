import Papa from 'papaparse';

/** Characters examined from the beginning, and the rows in them. */
const looked = { characters: 32_768, rows: 200 } as const;
const fewestRows = 2;
/** Headings are short, and tables have no more columns than this. */
const longestHeading = 40;
const mostColumns = 200;

/**
 * Whether a text is a table with commas, semicolons or tabs. Prose has commas too, so a table must have a row of distinct short headings
 * without sentence punctuation, and as many cells in every row as there are headings.
 */
export function looksLikeTable(text: string, isWhole: boolean): 'csv' | 'tsv' | null {
  const head = text.slice(0, looked.characters);
  for (const delimiter of ['\t', ',', ';'] as const) {
    const firstLine = head.split(/\r?\n/, 1)[0] ?? '';
    if (!firstLine.includes(delimiter)) continue;
    const { data, errors } = Papa.parse<string[]>(head, {
      delimiter,
      skipEmptyLines: 'greedy',
      preview: looked.rows,
    });
    // The last row may be incomplete.
    const isCut = (!isWhole || text.length > head.length) && data.length < looked.rows;
    const rows = isCut ? data.slice(0, -1) : data;
    const isDamaged = errors.some(({ type, row }) => type === 'Quotes' && (row ?? 0) < rows.length);
    if (!isDamaged && isTable(rows) && !readsLikeProse(rows)) return delimiter === '\t' ? 'tsv' : 'csv';
  }
  return null;
}

function isTable(rows: readonly (readonly string[])[]): boolean {
  const [headings = [], ...body] = rows;
  const names = headings.map((heading) => heading.trim());
  return (
    rows.length >= fewestRows &&
    names.length >= 2 &&
    names.length <= mostColumns &&
    names.every(isHeading) &&
    new Set(names).size === names.length &&
    body.every((row) => row.length === names.length)
  );
}

/** Programs that write tables put nothing after a comma; people put a space. */
function readsLikeProse(rows: readonly (readonly string[])[]): boolean {
  const cells = rows.flatMap((row) => row.slice(1));
  return 2 * cells.filter((cell) => cell.startsWith(' ')).length > cells.length;
}

/** "text", "Created at", "user_id": one to four words without sentence punctuation; the first column may have none. */
function isHeading(name: string, index: number): boolean {
  if (name === '') return index === 0;
  return (
    name.length <= longestHeading &&
    /^[\p{L}_#][\p{L}\p{M}\p{N}_ .()/#-]*$/u.test(name) &&
    !/[.]$/.test(name) &&
    name.split(/\s+/).length <= 4
  );
}
