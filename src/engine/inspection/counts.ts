import { has, is, type CharacterText } from './properties/character-text.ts';

export interface CountedText {
  readonly name: string;
  /** Per 1,000 symbols. */
  readonly rate: number;
}

const counted: readonly (readonly [string, (text: CharacterText, at: number) => boolean])[] = [
  ['quotation marks', (text, at) => isQuote(text, at)],
  ['! and ?', (text, at) => '!?！？؟'.includes(String.fromCodePoint(text.codes[at] ?? 0))],
  ['sentence ends', (text, at) => has(text, at, is.sentenceEnd) && !has(text, at + 1, is.sentenceEnd)],
  ['commas', (text, at) => ',،，、'.includes(String.fromCodePoint(text.codes[at] ?? 0))],
  ['capital letters', (text, at) => has(text, at, is.capital)],
  ['digits', (text, at) => has(text, at, is.digit)],
  ['brackets', (text, at) => '()[]{}（）'.includes(String.fromCodePoint(text.codes[at] ?? 0))],
  ['line ends', (text, at) => has(text, at, is.lineEnd)],
  ['words', (text, at) => has(text, at, is.letter) && !has(text, at - 1, is.letter | is.mark)],
];

/** How often features that units are known to follow occur in a text, per 1,000 symbols. */
export function countText(text: CharacterText, symbols: number): readonly CountedText[] {
  return counted.map(([name, test]) => {
    let times = 0;
    for (let at = 0; at < text.codes.length; at++) if (test(text, at)) times += 1;
    return { name, rate: (1000 * times) / Math.max(1, symbols) };
  });
}

/** Quotation marks without apostrophes. */
function isQuote(text: CharacterText, at: number): boolean {
  const code = text.codes[at];
  const isSingle = code === 0x27 || code === 0x2019;
  return has(text, at, is.quotation) && !(isSingle && has(text, at - 1, is.letter));
}
