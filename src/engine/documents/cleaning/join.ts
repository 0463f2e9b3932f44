/**
 * What stands between two texts that become one.
 * @param before the text in front
 * @param separator a line of its own; empty: a blank line
 */
export function betweenTexts(before: string, separator: string): string {
  const end = before.endsWith('\n') ? '' : '\n';
  return separator === '' ? `${end}\n` : `${end}\n${separator}\n\n`;
}
