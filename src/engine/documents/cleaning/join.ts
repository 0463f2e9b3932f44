/**
 * The text between two joined texts.
 * @param before the text in front
 * @param separator a separate line; empty: a blank line
 */
export function betweenTexts(before: string, separator: string): string {
  const end = before.endsWith('\n') ? '' : '\n';
  return separator === '' ? `${end}\n` : `${end}\n${separator}\n\n`;
}
