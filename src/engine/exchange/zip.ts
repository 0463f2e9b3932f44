import type { ExportedFile } from './format.ts';

/**
 * A ZIP archive (PKWARE's application note, 4.3) without compression, which does not make weights smaller. Names are UTF-8; all files have the
 * format's earliest date, so that the same export gives the same bytes.
 */
export function zipArchive(folder: string, files: readonly ExportedFile[]): readonly Uint8Array[] {
  let offset = 0;
  const entries = files.map(({ path, pieces }) => {
    const name = new TextEncoder().encode(`${folder}/${path}`);
    const entry = { name, pieces, size: lengthOf(pieces), checksum: crc32(pieces), offset };
    offset += localHeaderBytes + name.length + entry.size;
    return entry;
  });
  const local = entries.flatMap((entry) => [localHeader(entry), ...entry.pieces]);
  const central = entries.map(centralHeader);
  return [...local, ...central, endRecord(entries.length, lengthOf(central), offset)];
}

interface Entry {
  readonly name: Uint8Array;
  readonly size: number;
  readonly checksum: number;
  readonly offset: number;
}

const localHeaderBytes = 30;
const version = 20;
/** Bit 11: names are UTF-8. */
const flags = 0x0800;
/** The first of January 1980. */
const date = 0x0021;

/** A little-endian number and its size in bytes. */
type Field = readonly [bytes: 2 | 4, value: number];

/** The fields that both headers of a file have, in the same order. */
function headerFields({ name, size, checksum }: Entry): readonly Field[] {
  const [stored, midnight, extraBytes] = [0, 0, 0];
  return [
    [2, version],
    [2, flags],
    [2, stored],
    [2, midnight],
    [2, date],
    [4, checksum],
    [4, size],
    [4, size],
    [2, name.length],
    [2, extraBytes],
  ];
}

function localHeader(entry: Entry): Uint8Array {
  return record([[4, 0x04034b50], ...headerFields(entry)], entry.name);
}

function centralHeader(entry: Entry): Uint8Array {
  const [commentBytes, disk, internalAttributes, externalAttributes] = [0, 0, 0, 0];
  return record(
    [
      [4, 0x02014b50],
      [2, version],
      ...headerFields(entry),
      [2, commentBytes],
      [2, disk],
      [2, internalAttributes],
      [4, externalAttributes],
      [4, entry.offset],
    ],
    entry.name,
  );
}

function endRecord(count: number, centralBytes: number, centralOffset: number): Uint8Array {
  const [disk, diskOfCentral, commentBytes] = [0, 0, 0];
  return record([
    [4, 0x06054b50],
    [2, disk],
    [2, diskOfCentral],
    [2, count],
    [2, count],
    [4, centralBytes],
    [4, centralOffset],
    [2, commentBytes],
  ]);
}

/** The concatenated fields, then a name. */
function record(fields: readonly Field[], name: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = fields.reduce((sum, [bytes]) => sum + bytes, 0);
  const result = new Uint8Array(length + name.length);
  const view = new DataView(result.buffer);
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  result.set(name, at);
  return result;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC-32 of the concatenated pieces. */
function crc32(pieces: readonly Uint8Array[]): number {
  let value = 0xffffffff;
  for (const piece of pieces) {
    for (const byte of piece) value = (value >>> 8) ^ (table[(value ^ byte) & 255] ?? 0);
  }
  return ~value >>> 0;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
