import type { BuiltInProperty } from '../../../shared/domain/inspected-properties.ts';
import { endsBlankLine, has, is, type CharacterText } from './character-text.ts';
import { brackets, insidePairs } from './pairs.ts';
import { insideQuotes } from './quotes.ts';

type LabelCharacters = (text: CharacterText) => Float32Array;

/** Larger values are clipped to this: ranks among the few larger ones mean little. */
const longestParagraph = 2000;
const longestSentence = 500;
const longestLine = 500;
const longestWord = 30;

/** One label for each character: 0 or 1, or a number counted from 0. */
export const labelBuiltIn: Readonly<Record<BuiltInProperty, LabelCharacters>> = {
  quotes: insideQuotes,
  brackets: (text) => insidePairs(text, brackets),
  'paragraph-start': (text) => inParagraph(text).map((position) => (position < 20 ? 1 : 0)),
  'word-start': (text) => inWord(text).map((position) => (position === 1 ? 1 : 0)),
  'long-word': (text) => inWord(text).map((position) => (position >= 6 ? 1 : 0)),
  capital: (text) => each(text, (at) => has(text, at, is.capital)),
  capitals: (text) => each(text, (at) => has(text, at, is.capital) && has(text, at - 1, is.capital)),
  digit: (text) => each(text, (at) => has(text, at, is.digit)),
  indentation,
  'next-space': (text) => each(text, (at) => has(text, at + 1, is.space) && !has(text, at, is.space)),
  'next-capital': (text) => each(text, (at) => has(text, at + 1, is.capital)),
  'next-sentence-end': (text) =>
    each(text, (at) => has(text, at + 1, is.sentenceEnd) && !has(text, at, is.sentenceEnd)),
  'position-in-word': (text) => inWord(text).map((position) => Math.min(position, longestWord)),
  'position-in-sentence': (text) => inSentence(text).map((position) => Math.min(position, longestSentence)),
  'position-in-line': (text) =>
    counted(text, (at) => has(text, at, is.lineEnd)).map((position) => Math.min(position, longestLine)),
  'position-in-paragraph': (text) =>
    inParagraph(text).map((position) => Math.min(position, longestParagraph)),
};

function each({ codes }: CharacterText, test: (at: number) => boolean): Float32Array {
  return Float32Array.from(codes, (_, at) => (test(at) ? 1 : 0));
}

/** Characters since the last one that resets the count, which has 0. */
function counted({ codes }: CharacterText, restarts: (at: number) => boolean): Float32Array {
  let position = -1;
  return Float32Array.from(codes, (_, at) => (position = restarts(at) ? 0 : position + 1));
}

/** Letters of the current word up to this one; 0 outside words. An apostrophe between letters belongs to the word. */
function inWord(text: CharacterText): Float32Array {
  let letters = 0;
  return Float32Array.from(text.codes, (_, at) => {
    const joins = has(text, at, is.mark) || (isApostrophe(text, at) && has(text, at + 1, is.letter));
    if (has(text, at, is.letter)) letters += 1;
    else if (!(joins && letters > 0)) letters = 0;
    return letters;
  });
}

/** ' and ’. */
function isApostrophe({ codes }: CharacterText, at: number): boolean {
  return codes[at] === 0x27 || codes[at] === 0x2019;
}

/** Where a sentence has ended: at its mark, or at a blank line. */
export function endsSentence(text: CharacterText, at: number): boolean {
  return has(text, at, is.sentenceEnd) || endsBlankLine(text, at);
}

/** Characters since the previous sentence ended; quotation marks and spaces after its mark belong to it. */
function inSentence(text: CharacterText): Float32Array {
  return counted(
    text,
    (at) =>
      endsSentence(text, at) || (has(text, at, is.sentenceEnd | is.quotation) && endsSentence(text, at - 1)),
  );
}

/** Characters since the paragraph began: at a blank line, or, in a text without any, at each line end. */
function inParagraph(text: CharacterText): Float32Array {
  const hasBlankLines = text.codes.some((_, at) => endsBlankLine(text, at));
  return counted(text, (at) => (hasBlankLines ? endsBlankLine(text, at) : has(text, at, is.lineEnd)));
}

/** 1 in the spaces and tabs at the start of a line. */
function indentation(text: CharacterText): Float32Array {
  let isIndented = true;
  return Float32Array.from(text.codes, (_, at) => {
    if (has(text, at, is.lineEnd)) isIndented = true;
    else if (!has(text, at, is.space)) isIndented = false;
    return isIndented && has(text, at, is.space) ? 1 : 0;
  });
}
