import { CharloomError } from '../../shared/errors.ts';

/** Above this, an engine computes wrong results. */
const largestDifference = 1e-3;

/**
 * Refuses an engine whose losses differ from the embedded backend's.
 * @param difference the largest relative difference
 * @throws CharloomError('backend-unavailable')
 */
export function checkDifference(difference: number): void {
  if (difference <= largestDifference) return;
  throw new CharloomError(
    'backend-unavailable',
    `This engine gives wrong results (off by ${difference.toExponential(1)}).`,
    { fix: 'Reinstall it. If that does not help, please report it.' },
  );
}
