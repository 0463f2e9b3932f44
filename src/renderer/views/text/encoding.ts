import { formatShare } from '../../../shared/format/numbers.ts';
import type { TextReport } from '../../../shared/domain/text.ts';

type Guess = TextReport['encoding'];

/** The most common encodings, for when the guess and its alternatives are all wrong. */
const usual = [
  'utf-8',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'koi8-r',
  'koi8-u',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-9',
  'cp437',
  'cp850',
  'cp852',
  'cp866',
  'utf-16le',
  'utf-16be',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'iso-2022-jp',
  'macintosh',
  'maccyrillic',
] as const;

/** A description for names that are not clear enough. */
const languages: Readonly<Record<string, string>> = {
  'windows-1252': 'Western Europe',
  'iso-8859-15': 'Western Europe, with €',
  'windows-1250': 'Central Europe',
  'iso-8859-2': 'Central Europe',
  'windows-1251': 'Cyrillic',
  'koi8-r': 'Russian',
  'koi8-u': 'Ukrainian',
  'iso-8859-5': 'Cyrillic',
  'windows-1253': 'Greek',
  'iso-8859-7': 'Greek',
  'windows-1254': 'Turkish',
  'iso-8859-9': 'Turkish',
  'windows-1255': 'Hebrew',
  'windows-1256': 'Arabic',
  'windows-1257': 'Baltic',
  'windows-1258': 'Vietnamese',
  'windows-874': 'Thai',
  cp437: 'DOS, English',
  cp850: 'DOS, Western Europe',
  cp852: 'DOS, Central Europe',
  cp866: 'DOS, Russian',
  macintosh: 'old Mac, Western Europe',
  maccyrillic: 'old Mac, Cyrillic',
  shift_jis: 'Japanese',
  'euc-jp': 'Japanese',
  'iso-2022-jp': 'Japanese, in e-mails',
  gb18030: 'Chinese',
  big5: 'Chinese, traditional',
  'euc-kr': 'Korean',
};

function labelOf(name: string): string {
  const language = languages[name];
  return language === undefined ? name : `${name} (${language})`;
}

/** How the encoding is known, and with what certainty. */
export function guessInWords({ encoding, source, confidence }: Guess): string {
  switch (source) {
    case 'forced':
      return `Read as ${encoding}, as you chose.`;
    case 'byte-order-mark':
      return `Read as ${encoding}: the file begins with a byte order mark.`;
    case 'form':
      return `Read as ${encoding}: its bytes are unambiguous.`;
    case 'guess':
      return `Read as ${encoding}, a guess from the characters (${formatShare(confidence)} confidence). Check accents and quotation marks.`;
  }
}

/** The guess first, then its alternatives, then the usual ones. */
export function encodingChoices(
  guess: Guess | null,
): readonly { readonly value: string; readonly label: string }[] {
  const automatic =
    guess === null || guess.source === 'forced' ? 'Automatic' : `Automatic (${guess.encoding})`;
  const names = new Set<string>([
    ...(guess === null ? [] : [guess.encoding, ...guess.alternatives]),
    ...usual,
  ]);
  return [
    { value: '', label: automatic },
    ...[...names].map((name) => ({ value: name, label: labelOf(name) })),
  ];
}
