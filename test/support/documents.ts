import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import { readDocument } from '../../src/engine/documents/read-document.ts';
import type { ReadDocument } from '../../src/engine/documents/reading.ts';
import type { ReadChoices } from '../../src/shared/domain/documents.ts';
import { root } from './processes.ts';

const folder = join(root, 'test/fixtures/documents');

/** Bytes of a fixture, by its path below test/fixtures/documents. */
export function fixture(path: string): Uint8Array {
  return readFileSync(join(folder, path));
}

/** Where a fixture is. */
export function fixturePath(path: string): string {
  return join(folder, path);
}

/** Text of a fixture. */
export function fixtureText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Reads a fixture as the compute process does. */
export function readFixture(path: string, choices: Partial<ReadChoices> = {}): Promise<ReadDocument> {
  return read(fixture(path), choices, basename(path));
}

/** Reads bytes as the compute process does. */
export function read(
  bytes: Uint8Array | string,
  choices: Partial<ReadChoices> = {},
  name = 'file',
): Promise<ReadDocument> {
  return readDocument(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, {
    name,
    choices,
    pdfFiles: (kind, file) =>
      Promise.resolve(new Uint8Array(readFileSync(join(root, 'node_modules/pdfjs-dist', kind, file)))),
  });
}

/** A ZIP archive with these files, deflated. Its writer is the test's own, so that names no other program writes can be tried. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const record = Buffer.concat([Buffer.from('PK\x03\x04'), fields, nameBytes, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, place, nameBytes]));
    local.push(record);
    offset += record.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}

/** A Word document whose main part has this body. */
export function docxOf(body: string, others: Readonly<Record<string, string>> = {}): Uint8Array {
  return zipOf({
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body>${body}</w:body></w:document>`,
    ...others,
  });
}

/** Characters of the words of a right answer that a reading lost, and of those that it added: by the heaviest common subsequence of words. */
export function compareWords(right: string, text: string): { readonly lost: number; readonly added: number } {
  const [wanted, got] = [wordsOf(right), wordsOf(text)];
  let row = new Float64Array(got.length + 1);
  for (const word of wanted) {
    const next = new Float64Array(got.length + 1);
    for (const [at, other] of got.entries()) {
      const kept = word === other ? (row[at] ?? 0) + word.length : 0;
      next[at + 1] = Math.max(kept, row[at + 1] ?? 0, next[at] ?? 0);
    }
    row = next;
  }
  const common = row.at(-1) ?? 0;
  return { lost: lengthOf(wanted) - common, added: lengthOf(got) - common };
}

function wordsOf(text: string): readonly string[] {
  return sameTypography(text).match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+/g) ?? [];
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, { length }) => sum + length, 0);
}

/** Programs that made the fixtures wrote quotes and dashes in ways of their own. */
function sameTypography(text: string): string {
  return text
    .replace(/[’‘`]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[—–]|-{2,}/g, '--')
    .replaceAll("''", '"')
    .replace(/[\u00a0\u2028\f]/g, ' ');
}

/** Paragraphs of a right answer that a reading has as they are, of all of them. */
export function sharedParagraphs(right: string, text: string): readonly [shared: number, all: number] {
  const found = new Set(paragraphsOf(text));
  const wanted = paragraphsOf(right);
  return [wanted.filter((paragraph) => found.has(paragraph)).length, wanted.length];
}

function paragraphsOf(text: string): readonly string[] {
  return sameTypography(text)
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
}
