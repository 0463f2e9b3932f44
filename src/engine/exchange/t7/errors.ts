import type { CharloomError } from '../../../shared/errors.ts';
import { badCheckpoint } from '../../checkpoints/errors.ts';

/** A .t7 file that is not what it claims to be. `reason` completes "The checkpoint cannot be read: ...". */
export function damaged(reason: string): CharloomError {
  return badCheckpoint(
    reason,
    'Copy or download the file again, or save it again with the program that made it.',
  );
}

/** A file that ends before what it announces. */
export function cutShort(): CharloomError {
  return damaged('it is cut short');
}
