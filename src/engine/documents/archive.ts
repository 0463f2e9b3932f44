import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { CharloomError } from '../../shared/errors.ts';
import { documentLimits } from './limits.ts';
import { beyondLimits, damaged, encrypted } from './reading.ts';

/** The files of a ZIP archive, read within limits. Nothing is ever written under the names in it. */
export interface Archive {
  /** Files, folders left out, in the archive's order. */
  readonly names: readonly string[];
  /**
   * Refuses files whose declared sizes exceed the limits in total, before any of them is read.
   * @throws CharloomError('bad-text')
   */
  expect(names: readonly string[]): void;
  /**
   * The contents of a file; undefined if there is none of this name.
   * @throws CharloomError('bad-text') when it is damaged or unpacks to more than the limits
   */
  read(name: string): Promise<Uint8Array | undefined>;
}

/**
 * Opens an archive.
 * @param name the file's name, for messages
 * @throws CharloomError('bad-text') when it is damaged, encrypted, has too many entries or names files outside itself
 */
export async function openArchive(bytes: Uint8Array, name: string): Promise<Archive> {
  try {
    // yauzl takes a Buffer: a view on the same memory.
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      validateEntrySizes: true,
    });
    return new BoundedArchive(zip, await entriesOf(zip, name), name);
  } catch (error) {
    throw explained(error, name);
  }
}

async function entriesOf(zip: ZipFile, name: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    if (++count > documentLimits.archiveEntries) {
      throw beyondLimits(name, `it contains more than ${documentLimits.archiveEntries} files`);
    }
    if (entry.isEncrypted()) throw encrypted(name, 'Unpack it with its password, and import the files.');
    if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
  }
  return entries;
}

class BoundedArchive implements Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #name: string;
  #read = 0;

  constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, name: string) {
    this.#zip = zip;
    this.#entries = entries;
    this.#name = name;
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  expect(names: readonly string[]): void {
    const total = names.reduce((sum, name) => sum + (this.#entries.get(name)?.uncompressedSize ?? 0), 0);
    if (total > documentLimits.archiveTotalBytes) throw tooLarge(this.#name);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const { archiveEntryBytes, archiveRatio, archiveRatioFrom } = documentLimits;
    const { uncompressedSize, compressedSize } = entry;
    if (
      uncompressedSize > archiveEntryBytes ||
      (uncompressedSize > archiveRatioFrom && uncompressedSize > archiveRatio * compressedSize)
    ) {
      throw tooLarge(this.#name);
    }
    try {
      return await this.#unpack(entry);
    } catch (error) {
      throw explained(error, this.#name);
    }
  }

  /** Counts the bytes actually read: the directory may be wrong, and entries may share their bytes. */
  async #unpack(entry: Entry): Promise<Uint8Array> {
    const stream = await this.#zip.openReadStreamPromise(entry);
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      length += piece.length;
      this.#read += piece.length;
      if (length > documentLimits.archiveEntryBytes || this.#read > documentLimits.archiveTotalBytes) {
        stream.destroy();
        throw tooLarge(this.#name);
      }
      pieces.push(piece);
    }
    return joinBytes(pieces, length);
  }
}

/** Concatenates pieces; `length` is their total length. */
export function joinBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** The error for an archive that unpacks to more than any genuine document. */
export function tooLarge(name: string): CharloomError {
  return beyondLimits(name, 'it unpacks to far more data than a document can have');
}

function explained(error: unknown, name: string): CharloomError {
  if (error instanceof CharloomError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /relative path|absolute path|invalid characters/.test(message)
    ? beyondLimits(name, 'it contains paths outside the archive')
    : damaged(name, 'it cannot be unpacked', error);
}
