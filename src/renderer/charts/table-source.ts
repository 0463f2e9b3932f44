/** Rows made when they are looked at: a table of 100,000 rows costs what one page of it costs. */
export interface TableSource {
  readonly columns: readonly string[];
  readonly count: number;
  readonly row: (index: number) => readonly string[];
}

export function pageCount(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}
