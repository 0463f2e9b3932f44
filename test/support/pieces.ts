import fc from 'fast-check';
import type { TextDecoding } from '../../src/engine/dataset/decoding/decoder.ts';

/** Cuts bytes at the given lengths, again and again. */
export function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

export const pieceLengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** Everything a decoder makes of the pieces: the text and the places of its errors. */
export function decodeAll(decoding: TextDecoding, pieces: readonly Uint8Array[]) {
  const codes: number[] = [];
  const invalid: number[] = [];
  const take = (block: ReturnType<TextDecoding['finish']>) => {
    invalid.push(...block.invalid.map((at) => at + codes.length));
    codes.push(...block.codes);
  };
  for (const piece of pieces) take(decoding.decode(piece));
  take(decoding.finish());
  return { text: String.fromCodePoint(...codes), invalid };
}
