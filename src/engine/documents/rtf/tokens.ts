/** RTF consists of groups, control words with or without a number, and bytes of text. */
export type RtfToken =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'byte'; readonly byte: number }
  /** One character after a backslash, by its code: `\~`, `\*`. */
  | { readonly kind: 'symbol'; readonly code: number }
  | { readonly kind: 'word'; readonly word: string; readonly parameter: number | null };

const backslash = 0x5c;

/** The tokens of a document; bytes after `\bin` are skipped. */
export function* rtfTokens(bytes: Uint8Array, start: number): Generator<RtfToken, void, void> {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte !== backslash) {
      at += 1;
      if (byte === 0x7b) yield { kind: 'open' };
      else if (byte === 0x7d) yield { kind: 'close' };
      else if (byte !== 0x0d && byte !== 0x0a) yield { kind: 'byte', byte };
      continue;
    }
    const control = readControl(bytes, at + 1);
    if (control === null) return;
    at = control.end;
    yield control.token;
    if (control.token.kind !== 'word' || control.token.word !== 'bin') continue;
    at += Math.max(0, control.token.parameter ?? 0);
  }
}

function readControl(
  bytes: Uint8Array,
  at: number,
): { readonly token: RtfToken; readonly end: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (isLetter(first)) return readWord(bytes, at);
  // An apostrophe is followed by a byte in hexadecimal.
  if (first !== 0x27) return { token: { kind: 'symbol', code: first }, end: at + 1 };
  const byte = Number.parseInt(latin(bytes, at + 1, at + 3), 16);
  const token: RtfToken = Number.isNaN(byte) ? { kind: 'symbol', code: first } : { kind: 'byte', byte };
  return { token, end: at + 3 };
}

function readWord(bytes: Uint8Array, at: number): { readonly token: RtfToken; readonly end: number } {
  let end = at;
  while (isLetter(bytes[end])) end += 1;
  const word = latin(bytes, at, Math.min(end, at + 32));
  const numberAt = end;
  if (bytes[end] === 0x2d) end += 1;
  while (isDigit(bytes[end])) end += 1;
  const parameter = end > numberAt ? Number(latin(bytes, numberAt, Math.min(end, numberAt + 16))) : null;
  // A space ends the word and is not text.
  if (bytes[end] === 0x20) end += 1;
  return { token: { kind: 'word', word, parameter }, end };
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
