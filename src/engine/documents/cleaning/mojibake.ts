import { replaceMatches, untilStable, type Cleaned } from './changes.ts';

/** The characters of windows-1252 from 80 to 9F; its five unassigned bytes are read as control characters. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const bytes: ReadonlyMap<string, number> = new Map([
  ...Array.from(upper, (letter, index) => [letter, 0x80 + index] as const),
  ...Array.from({ length: 0x60 }, (_, index) => [String.fromCharCode(0xa0 + index), 0xa0 + index] as const),
]);
/** Runs of windows-1252 characters outside ASCII. */
const run = new RegExp(`[${upper}\u00a0-\u00ff]{2,}`, 'g');

/**
 * Repairs letters whose UTF-8 was read as windows-1252. Each run outside ASCII is converted back to bytes, and replaced if these are strictly
 * UTF-8; text garbled twice is repaired twice.
 */
export function mendMojibake(text: string): Cleaned {
  return untilStable(text, (current) => replaceMatches(current, run, mend));
}

function mend(garbled: string): string {
  const encoded = Uint8Array.from(garbled, (letter) => bytes.get(letter) ?? 0);
  // A single letter: "É»" at the end of a quotation would count too, so only what accented Latin letters become is converted.
  const [lead = 0] = encoded;
  if (encoded.length === 2 && (lead < 0xc2 || lead > 0xc5)) return garbled;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(encoded);
  } catch {
    return garbled;
  }
}
