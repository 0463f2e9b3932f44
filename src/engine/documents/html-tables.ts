interface Row {
  readonly cells: string[][];
}

interface Table {
  /** Finished rows: a line of cells, or the paragraphs of a row used for layout. */
  readonly blocks: string[];
  lines: string[];
  row: Row | null;
}

const tags = new Set(['table', 'tr', 'td', 'th', 'thead', 'tbody', 'tfoot']);

/**
 * Collects the paragraphs of a page. A row whose cells each hold one paragraph becomes a line of cells separated by tabs; the
 * cells of layout tables hold several, which stay paragraphs.
 */
export class HtmlTables {
  readonly paragraphs: string[] = [];
  readonly #tables: Table[] = [];

  static knows(tag: string): boolean {
    return tags.has(tag);
  }

  add(paragraph: string): void {
    this.#target().push(paragraph);
  }

  open(tag: string): void {
    const table = this.#tables.at(-1);
    if (tag === 'table') this.#tables.push({ blocks: [], lines: [], row: null });
    else if (table === undefined) return;
    else if (tag === 'tr') {
      this.#endRow(table);
      table.row = { cells: [] };
    } else if (tag === 'td' || tag === 'th') {
      table.row ??= { cells: [] };
      table.row.cells.push([]);
    } else this.#endRow(table);
  }

  close(tag: string): void {
    const table = this.#tables.at(-1);
    if (table === undefined) return;
    if (tag === 'tr') this.#endRow(table);
    else if (tag === 'table') this.#endTable();
  }

  /** Ends unclosed elements. */
  end(): void {
    while (this.#tables.length > 0) this.#endTable();
  }

  /** Where a paragraph belongs: to the open cell, or, between rows, to the table. */
  #target(): string[] {
    const table = this.#tables.at(-1);
    if (table === undefined) return this.paragraphs;
    const cell = table.row?.cells.at(-1);
    if (cell !== undefined) return cell;
    endLines(table);
    return table.blocks;
  }

  #endRow(table: Table): void {
    const cells = table.row?.cells ?? [];
    table.row = null;
    if (cells.every((cell) => cell.length <= 1)) {
      const line = cells.map((cell) => (cell[0] ?? '').replaceAll('\n', ' ')).join('\t');
      if (line.trim() !== '') table.lines.push(line);
      return;
    }
    endLines(table);
    for (const cell of cells) table.blocks.push(...cell);
  }

  #endTable(): void {
    const table = this.#tables.pop();
    if (table === undefined) return;
    this.#endRow(table);
    endLines(table);
    const target = this.#target();
    for (const block of table.blocks) target.push(block);
  }
}

function endLines(table: Table): void {
  if (table.lines.length > 0) table.blocks.push(table.lines.join('\n'));
  table.lines = [];
}
