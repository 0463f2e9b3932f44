/** Symbols that a survey examines more closely; everything else is plain text. */
export const symbolKinds = {
  plain: 0,
  lineFeed: 1,
  carriageReturn: 2,
  tab: 3,
  null: 4,
  control: 5,
  smartQuote: 6,
  invisible: 7,
  replacement: 8,
} as const;

/** Number of code points. */
export const codeSpace = 0x110000;

/** Kind of every code point: one look-up in the survey's hot loop. */
export function createKindTable(): Uint8Array {
  const table = new Uint8Array(codeSpace);
  table.fill(symbolKinds.control, 0x01, 0x20);
  table.fill(symbolKinds.control, 0x7f, 0xa0);
  table[0x00] = symbolKinds.null;
  table[0x09] = symbolKinds.tab;
  table[0x0a] = symbolKinds.lineFeed;
  table[0x0d] = symbolKinds.carriageReturn;
  table[0xfffd] = symbolKinds.replacement;
  for (const code of [0x2018, 0x2019, 0x201a, 0x201b, 0x201c, 0x201d, 0x201e, 0x201f]) {
    table[code] = symbolKinds.smartQuote;
  }
  // No-break and soft characters, zero-width ones, direction marks, a byte order mark within the text.
  const invisible = [0xa0, 0xad, 0x2028, 0x2029, 0x202f, 0x2060, 0xfeff];
  for (let code = 0x200b; code <= 0x200f; code += 1) invisible.push(code);
  for (let code = 0x202a; code <= 0x202e; code += 1) invisible.push(code);
  for (const code of invisible) table[code] = symbolKinds.invisible;
  return table;
}
