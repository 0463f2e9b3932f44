import { isControl } from './binary-formats.ts';
import type { EncodingGuess } from './decoding/guess.ts';
import type { TextSurvey } from './survey/text-survey.ts';

/** Shares of symbols above which data is not a text, however it was decoded. */
const limits = { controls: 0.05, nulls: 1 / 3, undecodable: 0.25, undefined: 0.05 } as const;
/** Number of different single-byte symbols that no text reaches: the largest code pages hold twice as many letters as any language uses. */
const everyByte = 200;
const singleByte = /^(?:windows|iso-8859|cp|ibm|koi8|mac|tis)/;

/**
 * Why decoded data cannot be a text: null if it can. Numbers, sounds and pictures can be decoded in some encoding, but not without control
 * characters, undefined characters, or nearly all possible characters in use.
 */
export function whyNoText(survey: TextSurvey, { encoding }: EncodingGuess): string | null {
  const { characters, counts, invalid } = survey;
  const share = (includes: (code: number) => boolean): number =>
    counts.reduce((sum, { code, count }) => sum + (includes(code) ? count : 0), 0) / Math.max(1, characters);
  const controls = share((code) => code > 0 && isControl(code));
  const nulls = share((code) => code === 0);
  if (
    controls > limits.controls ||
    nulls > limits.nulls ||
    (controls > 0.01 && controls + nulls > limits.controls)
  ) {
    return 'too many control characters';
  }
  if (invalid > characters * limits.undecodable) return 'most of it cannot be decoded';
  if (share(isUndefined) > limits.undefined) return 'it contains undefined characters';
  if (singleByte.test(encoding) && counts.length >= everyByte)
    return 'it contains nearly every possible byte';
  return null;
}

/** Private, unassigned and non-characters; U+FFFD is none of these: it replaces what another program could not read. */
function isUndefined(code: number): boolean {
  return /\p{Cn}|\p{Co}/u.test(String.fromCodePoint(code));
}
