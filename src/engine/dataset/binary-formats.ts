const signatures: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF document'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive (Word, OpenDocument and EPUB files are such)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Word document'],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], 'an RTF document'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive'],
  [[0x42, 0x5a, 0x68], 'a bzip2 archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard archive'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF picture'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
  [[0x4d, 0x5a, 0x90, 0x00], 'a program'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], 'an SQLite database'],
];

/** Share of control characters above which bytes are no text; real texts have next to none. */
const maxControls = 0.1;

/** What a file is when it is no text, from its first bytes: "a PDF document", "not text"; null for what may well be text. */
export function binaryFormat(head: Uint8Array): string | null {
  const known = signatures.find(([bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (known) return known[1];
  const controls = head.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  return controls > head.length * maxControls ? 'not text (too many control characters)' : null;
}

/** Control characters other than tab, line ends, form feed and escape (terminal logs are texts too). */
function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 11;
}
