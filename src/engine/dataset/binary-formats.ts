/** The first bytes of a file: a string for letters, numbers for the rest; null matches any byte. */
type Signature = readonly (string | number | null)[];

const signatures: readonly (readonly [name: string, signature: Signature])[] = [
  ['a PDF document', ['%PDF-']],
  ['an RTF document', ['{\\rtf']],
  ['a ZIP archive (Word, OpenDocument and EPUB files are such, and checkpoints of PyTorch)', ['PK', 3, 4]],
  ['an old Word document', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]],
  ['a gzip archive', [0x1f, 0x8b, 8]],
  ['a 7-Zip archive', ['7z', 0xbc, 0xaf]],
  ['a bzip2 archive', ['BZh', null, '1AY&SY']],
  ['an xz archive', [0xfd, '7zXZ', 0]],
  ['a RAR archive', ['Rar!', 0x1a, 7]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an LZ4 archive', [4, 0x22, 0x4d, 0x18]],
  ['a PNG picture', [0x89, 'PNG']],
  ['a JPEG picture', [0xff, 0xd8, 0xff]],
  ['a GIF picture', ['GIF8', null, 'a']],
  ['a TIFF picture', ['II', 42, 0]],
  ['a TIFF picture', ['MM', 0, 42]],
  ['a recording or a picture (RIFF)', ['RIFF', null, null, null, null, 'WAVE']],
  ['a recording or a picture (RIFF)', ['RIFF', null, null, null, null, 'AVI ']],
  ['a recording or a picture (RIFF)', ['RIFF', null, null, null, null, 'WEBP']],
  ['a recording or a picture (RIFF)', ['RIFF', null, null, null, null, 'RMID']],
  ['a recording (Ogg)', ['OggS', 0]],
  ['a recording (MP3)', ['ID3', null, 0]],
  ['a recording (FLAC)', ['fLaC', 0]],
  ['a film or a recording (MP4)', [0, 0, 0, null, 'ftyp']],
  ['music (MIDI)', ['MThd', 0, 0, 0]],
  ['a program', [0x7f, 'ELF']],
  ['a program', ['MZ', null, 0]],
  ['a program', [0xca, 0xfe, 0xba, 0xbe]],
  ['a program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['a program', [0, 'asm', 1]],
  ['an SQLite database', ['SQLite format 3', 0]],
  ['a checkpoint or another file of tensors (safetensors)', [null, null, null, null, null, 0, 0, 0, '{"']],
  ['a file of tensors (HDF5)', [0x89, 'HDF', 13, 10, 26, 10]],
  ['a file of tensors (NumPy)', [0x93, 'NUMPY']],
  ['a file of tensors (GGUF)', ['GGUF']],
  ['a checkpoint of Torch', [null, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 'V 1']],
  ['a checkpoint of Torch', [3, 0, 0, 0, 1, 0, 0, 0]],
  ['a file of Python objects (pickle)', [0x80, 2, 0x8a]],
  ['a file of Python objects (pickle)', [0x80, 3]],
  ['a file of Python objects (pickle)', [0x80, 4, 0x95]],
  ['a file of Python objects (pickle)', [0x80, 5, 0x95]],
  ['a table (Parquet)', ['PAR1', 21]],
  ['a font', ['wOF']],
  ['a font', [0, 1, 0, 0, 0]],
  ['a font', ['OTTO', 0]],
];
const tarMark = 257;

const bytesOfSignatures = signatures.map(
  ([name, signature]) => [name, signature.flatMap((part) => bytesOf(part))] as const,
);

function bytesOf(part: string | number | null): readonly (number | null)[] {
  return typeof part === 'string' ? Array.from(part, (letter) => letter.charCodeAt(0)) : [part];
}

/** Share of control characters above which bytes are not text; real texts have almost none. */
const maxControls = 0.1;
/** Share of null characters that a text with one after each word or line may have. */
const maxNulls = 1 / 3;

/** What a file is if it is not text, from its first bytes: "a PDF document", "not text"; null for what may be text. */
export function binaryFormat(head: Uint8Array): string | null {
  return knownFormat(head) ?? (hasTooManyControls(head) ? 'not text (too many control characters)' : null);
}

/** The kind of file that its first bytes name; a byte order mark and white space before them are ignored. */
export function knownFormat(head: Uint8Array): string | null {
  const begins = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  let first = begins;
  while (first < head.length && [0x20, 9, 10, 13].includes(head[first] ?? 0)) first += 1;
  const known = bytesOfSignatures.find(([, bytes]) =>
    [0, begins, first].some((offset) =>
      bytes.every((byte, at) => byte === null || head[offset + at] === byte),
    ),
  );
  if (known !== undefined) return known[0];
  return new TextDecoder('latin1').decode(head.subarray(tarMark, tarMark + 5)) === 'ustar'
    ? 'a tar archive'
    : null;
}

function hasTooManyControls(head: Uint8Array): boolean {
  let nulls = 0;
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) nulls += 1;
    else if (byte < 128 && isControl(byte)) controls += 1;
  }
  // Lists of names are written with a null after each; nothing else in them is a control character.
  if (controls === 0) return nulls > head.length * maxNulls;
  return nulls + controls > head.length * maxControls;
}

/** Control characters other than tab, line ends, form feed and escape (terminal logs are texts too). */
export function isControl(code: number): boolean {
  return code < 9 || (code > 13 && code < 32 && code !== 27) || code === 11 || (code > 126 && code < 160);
}
