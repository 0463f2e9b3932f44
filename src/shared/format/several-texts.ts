/** One of several texts, with its opening words. */
export interface SeveralText {
  readonly text: string;
  readonly seed: number;
}

/** The heading of each of several texts that span more than one line. */
export function textHeading(number: number, count: number, seed: number): string {
  return `--- text ${number} of ${count}, seed ${seed} ---`;
}

/**
 * Several texts as one, the same in saved files and on standard output: one after another under headings, or one per line if each ends at a line end.
 * An initial empty line is left out, because it would count as a text.
 */
export function severalTexts(texts: readonly SeveralText[], isLine: boolean): string {
  const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  if (isLine) return texts.map(({ text }) => ended(withoutEmptyLines(text))).join('');
  return texts
    .map(({ text, seed }, index) => `${textHeading(index + 1, texts.length, seed)}\n${ended(text)}`)
    .join('\n');
}

/** A text without its initial line ends. */
export function withoutEmptyLines(text: string): string {
  return text.replace(/^[\r\n]+/, '');
}
