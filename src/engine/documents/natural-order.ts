const collator = new Intl.Collator('en', { numeric: true });

/** Compares names in natural order: "2.txt" before "10.txt". */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
