/** The value of `aria-sort`. */
export type Direction = 'ascending' | 'descending';

export function turned(direction: Direction): Direction {
  return direction === 'ascending' ? 'descending' : 'ascending';
}
