/** Bytes before the data are a multiple of this. */
const alignment = 64;

/**
 * The header of a NumPy file (format 1.0) of little-endian float32; the data follow, row by row.
 * @returns the bytes before the data
 */
export function npyHeader(rows: number, columns: number): Uint8Array<ArrayBuffer> {
  const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const [magic, lengthBytes, lineEnd] = [8, 2, 1];
  const used = magic + lengthBytes + about.length + lineEnd;
  const padded = about.length + lineEnd + ((alignment - (used % alignment)) % alignment);
  const header = new Uint8Array(magic + lengthBytes + padded);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(magic, padded, true);
  header.set(new TextEncoder().encode(about.padEnd(padded - lineEnd)), magic + lengthBytes);
  header[header.length - 1] = 0x0a;
  return header;
}
