/** Rows that are created when they are viewed: a table of 100,000 rows costs no more than one page of it. */
export interface TableSource {
  readonly columns: readonly string[];
  readonly count: number;
  readonly row: (index: number) => readonly string[];
}

export function pageCount(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}
