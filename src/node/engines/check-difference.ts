import { CharloomError } from '../../shared/errors.ts';

/** Above this an engine computes something else than it should. */
const largestDifference = 1e-3;

/**
 * Refuses an engine whose losses are not the embedded backend's.
 * @param difference the largest relative one
 * @throws CharloomError('backend-unavailable')
 */
export function checkDifference(difference: number): void {
  if (difference <= largestDifference) return;
  throw new CharloomError(
    'backend-unavailable',
    `This engine computes something else than it should (off by ${difference.toExponential(1)}).`,
    { fix: 'Remove it and install it again; if that does not help, please report it.' },
  );
}
