import { formatShare } from '../../shared/format/numbers.ts';

/** The status shown while a text is read. */
export function readingStatus(textTitle: string, fraction: number): string {
  return `reading ${textTitle}: ${formatShare(fraction)}`;
}
