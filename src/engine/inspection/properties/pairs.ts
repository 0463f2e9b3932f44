import { endsBlankLine, type CharacterText } from './character-text.ts';

/** Characters after which an unclosed mark is treated as never closed. */
const longest = 2000;

export interface PairOfMarks {
  readonly open: string;
  readonly close: string;
}

export const brackets: readonly PairOfMarks[] = ['()', '[]', '{}'].map((pair) => ({
  open: pair.charAt(0),
  close: pair.charAt(1),
}));

/**
 * 1 between an opening mark and its closing mark, including the opening one but not the closing one; pairs may be nested. A mark without a closing
 * one within 2,000 characters opens nothing.
 */
export function insidePairs(text: CharacterText, pairs: readonly PairOfMarks[]): Float32Array {
  const labels = new Float32Array(text.codes.length);
  for (const pair of pairs) {
    if (pair.open === pair.close) toggle(text, pair.open, labels);
    else nest(text, pair, labels);
  }
  return labels;
}

function nest(text: CharacterText, { open, close }: PairOfMarks, labels: Float32Array): void {
  const [opening, closing] = [codesOf(open), codesOf(close)];
  let opened: number[] = [];
  text.codes.forEach((_, at) => {
    if (endsWith(text, at, closing)) {
      const start = opened.pop();
      if (start !== undefined && at - start <= longest) labels.fill(1, start, at - closing.length + 1);
    } else if (endsWith(text, at, opening)) {
      opened = opened.filter((start) => at - start <= longest);
      opened.push(at);
    }
  });
}

/** The same mark opens and closes; a blank line closes an open one. */
function toggle(text: CharacterText, mark: string, labels: Float32Array): void {
  const codes = codesOf(mark);
  let isOpen = false;
  let free = 0;
  text.codes.forEach((_, at) => {
    if (endsBlankLine(text, at)) isOpen = false;
    if (at >= free && endsWith(text, at, codes)) {
      isOpen = !isOpen;
      free = at + codes.length;
    }
    if (isOpen) labels[at] = 1;
  });
}

/** Code points. */
export function codesOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Whether the `wanted` characters end at a position. */
export function endsWith({ codes }: CharacterText, at: number, wanted: readonly number[]): boolean {
  const first = at - wanted.length + 1;
  return first >= 0 && wanted.every((value, index) => codes[first + index] === value);
}
