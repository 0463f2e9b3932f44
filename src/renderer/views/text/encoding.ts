import { formatShare } from '../../../shared/format/numbers.ts';
import type { TextReport } from '../../../shared/domain/text.ts';

type Guess = TextReport['encoding'];

/** What people meet most, for when the guess and its alternatives are all wrong. */
const usual = [
  'utf-8',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'koi8-r',
  'utf-16le',
  'utf-16be',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'macintosh',
] as const;

/** How the encoding is known, and how surely. */
export function guessInWords({ encoding, source, confidence }: Guess): string {
  switch (source) {
    case 'forced':
      return `Read as ${encoding}, as you chose.`;
    case 'byte-order-mark':
      return `Read as ${encoding}: the file begins with its mark.`;
    case 'form':
      return `Read as ${encoding}: its bytes leave no doubt.`;
    case 'guess':
      return `Read as ${encoding}, a guess from the letters (${formatShare(confidence)} sure). Look at the accents and quotes.`;
  }
}

/** The guess first, then what else it may be, then the usual ones. */
export function encodingChoices(
  guess: Guess | null,
): readonly { readonly value: string; readonly label: string }[] {
  const automatic =
    guess === null || guess.source === 'forced' ? 'Automatic' : `Automatic (${guess.encoding})`;
  const names = new Set([...(guess === null ? [] : [guess.encoding, ...guess.alternatives]), ...usual]);
  return [{ value: '', label: automatic }, ...[...names].map((name) => ({ value: name, label: name }))];
}
