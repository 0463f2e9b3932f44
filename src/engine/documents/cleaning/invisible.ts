import { replaceMatches, type Cleaned } from './changes.ts';

/** Characters without a shape: soft hyphen, direction marks, zero-width spaces and joiners, word joiner, byte order mark. */
const invisible = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Scripts whose letters change shape with joiners. */
const joining =
  /[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Nkoo}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Java}\p{sc=Bali}]/u;
/** Scripts without spaces: a zero-width space marks a word's end. */
const unspaced = /[\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Java}]/u;
const beforeJoiner = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const afterJoiner = /\p{Extended_Pictographic}/u;

/** Removes invisible characters; joiners stay in emoji and in the scripts that need them. */
export function removeInvisible(text: string): Cleaned {
  return replaceMatches(text, invisible, (mark, at) => (isNeeded(text, mark, at) ? mark : ''));
}

function isNeeded(text: string, mark: string, at: number): boolean {
  const before = characterBefore(text, at);
  const after = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  switch (mark) {
    case '\u200d':
      if (beforeJoiner.test(before) && afterJoiner.test(after)) return true;
      return joining.test(before) || joining.test(after);
    case '\u200c':
      return joining.test(before) || joining.test(after);
    case '\u200b':
      return unspaced.test(before) || unspaced.test(after);
    default:
      return false;
  }
}

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff;
  return text.slice(Math.max(0, at - (isSecondHalf ? 2 : 1)), at);
}
