import { formatShare } from '../../shared/format/numbers.ts';

/** What a person sees while a text is read. */
export function readingStatus(textTitle: string, fraction: number): string {
  return `reading ${textTitle}: ${formatShare(fraction)}`;
}
