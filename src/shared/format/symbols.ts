const named: Readonly<Record<string, string>> = {
  '\n': 'line end (\\n)',
  '\r': 'carriage return (\\r)',
  '\t': 'tab (\\t)',
  ' ': 'space',
  '\u00a0': 'no-break space (U+00A0)',
  '\ufeff': 'byte order mark (U+FEFF)',
  '\u0000': 'NUL (U+0000)',
};

/** A symbol for use in a sentence: in quotes, or by its name if it would be invisible. */
export function formatSymbol(symbol: string): string {
  const name = named[symbol];
  if (name !== undefined) return name;
  const code = symbol.codePointAt(0) ?? 0;
  // Control characters, private-use and unassigned code points, lone combining marks and lone surrogates have no glyph of their own.
  if (/^[\p{C}\p{M}\p{Z}]/u.test(symbol)) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `“${symbol}”`;
}

/** A symbol of a text, without quotes, which would be confusing around a quotation mark; with its code, because others may look the same. */
export function describeSymbol(text: string): string {
  const named = formatSymbol(text);
  if (named !== `“${text}”` || [...text].length > 1) return named;
  const code = text.codePointAt(0) ?? 0;
  return code < 0x7f ? text : `${text} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
