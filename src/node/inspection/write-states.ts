import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { endianness } from 'node:os';
import { npyHeader } from '../../engine/inspection/npy.ts';
import { labelPositions } from '../../engine/inspection/properties/label.ts';
import { unitCount, unitWithNumber } from '../../engine/inspection/units.ts';
import type { FoundProperty } from '../../shared/domain/inspected-properties.ts';
import { CharloomError } from '../../shared/errors.ts';
import { refuseExisting } from '../files/refuse-existing.ts';
import { withStorageErrors } from '../files/storage-error.ts';
import type { OpenInspection } from './open-inspection.ts';

/** Symbols per write. */
const portion = 512;
const extension = '.npy';

/**
 * Writes all states that were read: FILE.npy [symbols, units] float32; FILE.csv, a line for each symbol with its text and the searched properties;
 * FILE.README.txt, which describes both.
 * @returns the paths
 * @throws CharloomError 'usage' as statesFiles does, 'storage'
 */
export async function writeStates(
  path: string,
  opened: OpenInspection,
  found: readonly FoundProperty[],
): Promise<readonly string[]> {
  const files = await statesFiles(path);
  await withStorageErrors('write the states', path, async () => {
    await withFile(files[0], (file) => writeNumbers(file, opened));
    await withFile(files[1], (file) => writeTable(file, opened, found));
    await withFile(files[2], (file) => file.writeFile(readme(files, opened)));
  });
  return files;
}

/**
 * The files that states are written to, none of which is there yet.
 * @throws CharloomError('usage')
 */
export async function statesFiles(
  path: string,
): Promise<readonly [numbers: string, table: string, readme: string]> {
  if (!path.endsWith(extension)) {
    throw new CharloomError(
      'usage',
      `States cannot be written to “${path}”: the name must end in ${extension}.`,
    );
  }
  const stem = path.slice(0, -extension.length);
  const files = [path, `${stem}.csv`, `${stem}.README.txt`] as const;
  for (const file of files) await refuseExisting(file);
  return files;
}

/** Writes under a temporary name until the file is complete. */
async function withFile(path: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.charloom-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await work(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeNumbers(file: FileHandle, { inspection }: OpenInspection): Promise<void> {
  const { text, model } = inspection;
  const units = unitCount(model.spec);
  await file.writeFile(npyHeader(text.length, units));
  for (let start = 0; start < text.length; start += portion) {
    const end = Math.min(text.length, start + portion);
    const rows = new Float32Array((end - start) * units);
    for (let position = start; position < end; position++) {
      rows.set(inspection.statesAt(position), (position - start) * units);
    }
    const bytes = Buffer.from(rows.buffer);
    await file.writeFile(endianness() === 'BE' ? bytes.swap32() : bytes);
  }
}

async function writeTable(
  file: FileHandle,
  { inspection }: OpenInspection,
  found: readonly FoundProperty[],
): Promise<void> {
  const { text } = inspection;
  const labels = found.map(({ property }) => labelPositions(text, property));
  await file.writeFile(
    `${['row', 'piece', 'place', 'symbol', 'learned', ...found.map(({ name }) => name)].map(quoted).join(',')}\n`,
  );
  for (const [piece, { start, end, position: place, learned }] of text.pieces.entries()) {
    const texts = inspection.texts(start, end - start);
    const lines = texts.map((symbol, index) =>
      [
        start + index,
        piece,
        place + index,
        quoted(symbol),
        learned ? 1 : 0,
        ...labels.map((column) => column[start + index] ?? 0),
      ].join(','),
    );
    await file.writeFile(`${lines.join('\n')}\n`);
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function readme(paths: readonly string[], { inspection, metadata }: OpenInspection): string {
  const { text, model } = inspection;
  const units = unitCount(model.spec);
  const [numbers = '', table = ''] = paths.map((path) => basename(path));
  const columns = Array.from({ length: units / model.spec.rnnSize }, (_, block) => {
    const { state, layer } = unitWithNumber(model.spec, block * model.spec.rnnSize);
    const first = block * model.spec.rnnSize;
    return `  ${first} to ${first + model.spec.rnnSize - 1}: layer ${layer + 1}, ${state} (${state === 'h' ? 'output' : 'memory'}), units 1 to ${model.spec.rnnSize}`;
  });
  return [
    'The states of a model as it reads a text, written by Charloom.',
    '',
    `Model: ${model.spec.model}, ${model.spec.numLayers} layers of ${model.spec.rnnSize} units, epoch ${metadata.epoch.toFixed(2)}.`,
    '',
    `${numbers}: ${text.length} rows of ${units} float32, one row for each symbol, after the model has read it.`,
    'Columns:',
    ...columns,
    '',
    `${table}: one line for each of those rows.`,
    '  row      the row, from 0',
    '  piece    the part of the text, from 0; each is read from zero states, after up to 400 symbols that are not counted',
    '  place    the place of the symbol in the text, from 0',
    '  symbol   the symbol; empty for a byte that completes no character',
    '  learned  1 where the model has learned from this part of the text',
    '  others   the properties that were looked for: 1 where one holds, or its number',
    '',
    'In Python:',
    `  import numpy, csv`,
    `  states = numpy.load('${numbers}', mmap_mode='r')`,
    `  symbols = list(csv.DictReader(open('${table}', newline='', encoding='utf-8')))`,
    '',
  ].join('\n');
}
