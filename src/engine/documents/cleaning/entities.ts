import { replaceMatches, untilStable, type Cleaned } from './changes.ts';

/** The names that occur in texts; "&copy" without a semicolon may be something else. */
const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '\u00ad' },
    ...{ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', laquo: '«', raquo: '»' },
    ...{ ndash: '–', mdash: '—', hellip: '…', bull: '•', middot: '·', deg: '°', euro: '€', pound: '£' },
    ...{ copy: '©', reg: '®', trade: '™', sect: '§', para: '¶', times: '×', frac12: '½', frac14: '¼' },
    ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', ntilde: 'ñ' },
    ...{ agrave: 'à', aacute: 'á', acirc: 'â', egrave: 'è', eacute: 'é', ecirc: 'ê', euml: 'ë', ccedil: 'ç' },
    ...{ igrave: 'ì', iacute: 'í', icirc: 'î', iuml: 'ï', ograve: 'ò', oacute: 'ó', ocirc: 'ô', oslash: 'ø' },
    ...{
      ugrave: 'ù',
      uacute: 'ú',
      ucirc: 'û',
      aring: 'å',
      aelig: 'æ',
      Aring: 'Å',
      Eacute: 'É',
      thinsp: '\u2009',
    },
  }),
);
const entity = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});/g;

/** Replaces HTML entities that were left in a text with their characters, including doubly escaped ones. */
export function decodeEntities(text: string): Cleaned {
  return untilStable(text, (current) => replaceMatches(current, entity, decode));
}

function decode(written: string): string {
  const name = written.slice(1, -1);
  if (!name.startsWith('#')) return names.get(name) ?? written;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter =
    code >= 32 && code <= 0x10_ff_ff && !(code >= 0xd800 && code <= 0xdfff) && !(code >= 127 && code < 160);
  return isCharacter || code === 9 || code === 10 ? String.fromCodePoint(code) : written;
}
