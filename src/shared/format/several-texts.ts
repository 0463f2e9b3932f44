/** One text of several, with its opening words. */
export interface SeveralText {
  readonly text: string;
  readonly seed: number;
}

/** What stands above each of several texts that are no single lines. */
export function textHeading(number: number, count: number, seed: number): string {
  return `--- text ${number} of ${count}, seed ${seed} ---`;
}

/**
 * Several texts as one, the same in files of the pages and on standard output: below one another under headings, or one a line where each was
 * to end with its line. An empty line before such a text is left out: it would stand for a text.
 */
export function severalTexts(texts: readonly SeveralText[], isLine: boolean): string {
  const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  if (isLine) return texts.map(({ text }) => ended(withoutEmptyLines(text))).join('');
  return texts
    .map(({ text, seed }, index) => `${textHeading(index + 1, texts.length, seed)}\n${ended(text)}`)
    .join('\n');
}

/** A text without the line ends that it begins with. */
export function withoutEmptyLines(text: string): string {
  return text.replace(/^[\r\n]+/, '');
}
