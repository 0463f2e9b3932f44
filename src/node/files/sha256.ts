import { createHash } from 'node:crypto';
import type { Sha256 } from '../../engine/checkpoints/codec.ts';

/** Node's hash takes less than 2 GB at a time. */
const portionBytes = 2 ** 30;

/** The sha256 of consecutive pieces of bytes, in lower-case hex. */
export const sha256: Sha256 = (pieces) => {
  const hash = createHash('sha256');
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += portionBytes) {
      hash.update(piece.subarray(start, start + portionBytes));
    }
  }
  return hash.digest('hex');
};
