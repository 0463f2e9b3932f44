import { formatBytes } from '../format/numbers.ts';

/**
 * What is said of an installation that was cancelled.
 * @param kept bytes that were downloaded and stay
 */
export function cancelledInstallation(kept: number): string {
  const begun = 'Cancelled. No engine was installed or changed.';
  return kept === 0
    ? begun
    : `${begun} ${formatBytes(kept)} of the download are kept; the next installation continues from there.`;
}
