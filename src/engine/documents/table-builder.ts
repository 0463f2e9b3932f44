interface OpenTable {
  readonly rows: string[];
  row: string[];
}

/**
 * Collects paragraphs, and tables as one paragraph each: a line per row, cells separated by tabs. The text of a cell goes into the cell, including
 * tables within tables.
 */
export class TableBuilder {
  readonly blocks: string[] = [];
  readonly #tables: OpenTable[] = [];
  readonly #cells: string[][] = [];

  add(paragraph: string): void {
    (this.#cells.at(-1) ?? this.blocks).push(paragraph);
  }

  openTable(): void {
    this.#tables.push({ rows: [], row: [] });
  }

  openRow(): void {
    const table = this.#tables.at(-1);
    if (table !== undefined) table.row = [];
  }

  openCell(): void {
    this.#cells.push([]);
  }

  closeCell(): void {
    const cell = this.#cells.pop() ?? [];
    const table = this.#tables.at(-1);
    // Without a table around it the cell would be lost.
    if (table === undefined) for (const paragraph of cell) this.add(paragraph);
    else table.row.push(cell.join('\n'));
  }

  closeRow(): void {
    const table = this.#tables.at(-1);
    if (table === undefined) return;
    table.rows.push(table.row.join('\t'));
    table.row = [];
  }

  closeTable(): void {
    const table = this.#tables.pop();
    const text = table?.rows.join('\n') ?? '';
    if (text.trim() !== '') this.add(text);
  }
}
