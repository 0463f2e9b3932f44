/** As `aria-sort` says it. */
export type Direction = 'ascending' | 'descending';

export function turned(direction: Direction): Direction {
  return direction === 'ascending' ? 'descending' : 'ascending';
}
