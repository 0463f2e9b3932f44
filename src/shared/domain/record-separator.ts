/** The value of the setting `records` for a text that is one stream. */
export const noRecords = 'off';

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

/**
 * The separator between records: null for `off`, a line end for `line`, otherwise the text itself, in which \n, \t, \r and \\ mean a line end, a tab,
 * a carriage return and a backslash.
 */
export function recordSeparator(setting: string): string | null {
  if (setting === noRecords) return null;
  if (setting === 'line') return '\n';
  return setting.replace(/\\([ntr\\])/g, (whole, letter: string) => escapes[letter] ?? whole);
}
