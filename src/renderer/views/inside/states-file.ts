/** A column of numbers as NumPy reads it (format 1.0, little-endian float32), the header padded to a multiple of 64 bytes as the format requires. */
export function npyOf(values: Float32Array): Blob {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const before = 10;
  const length = Math.ceil((before + dictionary.length + 1) / 64) * 64 - before;
  const header = new Uint8Array(before + length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  header.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), before);
  const numbers = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) numbers.setFloat32(index * 4, value, true);
  return new Blob([header, numbers], { type: 'application/octet-stream' });
}

/** What the files are and how they are read. */
export function statesReadme(about: {
  readonly model: string;
  readonly unit: string;
  readonly property: string | null;
  readonly symbols: number;
  readonly npy: string;
  readonly csv: string;
}): string {
  const { model, unit, property, symbols, npy, csv } = about;
  return [
    `The activation of one unit of a model, at ${symbols} symbols of a text.`,
    '',
    `Model: ${model}`,
    `Unit: ${unit}`,
    `Property: ${property ?? 'none'}`,
    '',
    `${npy}: the activations as float32, one for each symbol. In Python:`,
    `    import numpy; activations = numpy.load(${JSON.stringify(npy)})`,
    '',
    `${csv}: a table with the position of each symbol (from 1), the symbol, the activation after it was read, and whether`,
    'the property holds there (1 or 0, or its number).',
    '',
    'The states of all units are written by: charloom inside CHECKPOINT --states FILE.npy',
    '',
  ].join('\n');
}
