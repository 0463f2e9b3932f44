import { endsBlankLine, has, is, type CharacterText } from './character-text.ts';

/** Code points. */
const code = (character: string): number => character.codePointAt(0) ?? 0;
const straight = code('"');
/** The closing marks of each opening mark. „ is closed by “ as well as by ”, » by « and « by ». */
const closers = new Map<number, readonly number[]>(
  [
    ['“', '”'],
    ['„', '“”'],
    ['‟', '”'],
    ['«', '»'],
    ['»', '«'],
    ['‹', '›'],
    ['›', '‹'],
    ['「', '」'],
    ['『', '』'],
    ['〝', '〞〟'],
    ['＂', '＂'],
    ['"', '"'],
    ['”', '”'],
  ].map(([open = '', close = '']) => [code(open), Array.from(close, code)] as const),
);
const singles = new Map<number, readonly number[]>([
  [code('‘'), [code('’')]],
  [code('‚'), [code('‘'), code('’')]],
  [code("'"), [code("'")]],
]);
/** A ” that closes nothing opens only before a word, as in Swedish and Finnish. */
const closingDouble = code('”');

/**
 * 1 inside quotation marks, including the opening one but not the closing one. A blank line closes an open one: speech over several paragraphs
 * opens each of them. An apostrophe does not count; single marks count only in a text with hardly any double ones.
 */
export function insideQuotes(text: CharacterText): Float32Array {
  const doubles = text.codes.reduce((sum, value) => sum + (closers.has(value) ? 1 : 0), 0);
  const openers = doubles * 5000 >= text.codes.length ? closers : new Map([...closers, ...singles]);
  const labels = new Float32Array(text.codes.length);
  let closing: readonly number[] | null = null;
  text.codes.forEach((value, at) => {
    if (endsBlankLine(text, at)) closing = null;
    if (closing === null) {
      const own = openers.get(value);
      if (own !== undefined && mayOpen(text, at, value)) closing = own;
    } else if (closing.includes(value) && mayClose(text, at, value)) closing = null;
    labels[at] = closing === null ? 0 : 1;
  });
  return labels;
}

function mayOpen(text: CharacterText, at: number, value: number): boolean {
  if (value === straight) return true;
  if (value !== closingDouble && !singles.has(value)) return true;
  // Except in 'tis and rock 'n' roll, a single mark opens before a word and never inside one.
  return !isWord(text, at - 1) && (isWord(text, at + 1) || has(text, at + 1, is.quotation));
}

function mayClose(text: CharacterText, at: number, value: number): boolean {
  const isSingle = value === code('’') || value === code("'") || value === code('‘');
  return !isSingle || !isWord(text, at + 1);
}

function isWord(text: CharacterText, at: number): boolean {
  return has(text, at, is.letter | is.digit | is.mark);
}
