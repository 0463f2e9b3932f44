import { formatBytes } from '../format/numbers.ts';

/**
 * The message for a cancelled installation.
 * @param kept downloaded bytes that are kept
 */
export function cancelledInstallation(kept: number): string {
  const begun = 'Cancelled. No engine was installed or changed.';
  return kept === 0
    ? begun
    : `${begun} ${formatBytes(kept)} of the download are kept; the next installation continues from there.`;
}
