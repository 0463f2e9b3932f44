import type { ReadyExport } from '../../../shared/domain/exchange.ts';
import { formatCount } from '../../../shared/format/numbers.ts';

/** The largest possible error of an export: the next power of ten, because its digits mean nothing. */
export function checkedSentence({ symbols, largestDifference }: ReadyExport['checked']): string {
  const digits = Math.min(9, Math.max(0, -Math.ceil(Math.log10(Math.max(largestDifference, 1e-9)))));
  return `Checked with ${formatCount(symbols)} symbols: it computes what the model computes, within ${(10 ** -digits).toFixed(digits)}.`;
}
