import { createReadStream, createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream';
import { pipeline as writeAll } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { makeFolder } from '../../files/make-folder.ts';

/** A tar archive is a sequence of blocks of this size: a header, then the file's bytes, padded to a whole block. */
const blockBytes = 512;

/** Where a file of the archive goes; undefined leaves it out. */
export type Destination = (path: string) => string | undefined;

/**
 * Unpacks the wanted files of an npm tarball as its bytes arrive, without holding a whole file in memory. Paths are as npm writes them, short and
 * plain; entries that are not files are skipped.
 * @param onBytes called with the bytes of the archive that have been read
 */
export async function unpackTarball(
  tarball: string,
  destination: Destination,
  { signal, onBytes }: { readonly signal: AbortSignal; onBytes?: (bytes: number) => void },
): Promise<void> {
  // Errors of the pipeline are reported where the bytes are consumed.
  const bytes = pipeline(createReadStream(tarball, { signal }), createGunzip(), () => undefined);
  const blocks = new BlockReader(bytes, onBytes);
  for (let header = await blocks.take(blockBytes); header !== undefined;) {
    signal.throwIfAborted();
    const entry = readHeader(header);
    if (entry === undefined) return;
    const target = entry.isFile ? destination(entry.path) : undefined;
    if (target === undefined) await blocks.skip(entry.bytes);
    else await write(blocks.pieces(entry.bytes), target);
    await blocks.skip((blockBytes - (entry.bytes % blockBytes)) % blockBytes);
    header = await blocks.take(blockBytes);
  }
}

interface Header {
  readonly path: string;
  readonly bytes: number;
  readonly isFile: boolean;
}

/** Undefined for the empty block that ends an archive. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function readHeader(block: Buffer): Header | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (start: number, length: number): string =>
    block
      .toString('utf8', start, start + length)
      .replace(/\0.*$/s, '')
      .trim();
  const prefix = text(345, 155);
  const bytes = Number.parseInt(text(124, 12), 8);
  if (!Number.isSafeInteger(bytes)) throw new Error('the tarball is damaged');
  const kind = text(156, 1);
  return {
    path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    bytes,
    isFile: /^0?$/.test(kind),
  };
}

async function write(pieces: AsyncIterable<Buffer>, target: string): Promise<void> {
  await makeFolder(dirname(target));
  await writeAll(pieces, createWriteStream(target));
}

/** Takes bytes from a stream, as many as are requested. */
class BlockReader {
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #rest = Buffer.alloc(0);
  #read = 0;

  constructor(stream: AsyncIterable<Buffer>, onBytes: ((bytes: number) => void) | undefined) {
    this.#pieces = stream[Symbol.asyncIterator]();
    this.#onBytes = onBytes;
  }

  /** The next `count` bytes, few enough for memory; undefined at the end. */
  async take(count: number): Promise<Buffer | undefined> {
    while (this.#rest.length < count) {
      if (!(await this.#more())) return undefined;
    }
    return this.#cut(count);
  }

  /** The next `count` bytes, as they arrive. */
  async *pieces(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new Error('the tarball ends too early');
      const piece = this.#cut(Math.min(left, this.#rest.length));
      left -= piece.length;
      yield piece;
    }
  }

  async skip(count: number): Promise<void> {
    for await (const piece of this.pieces(count)) void piece;
  }

  #cut(count: number): Buffer {
    const piece = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return piece;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done === true) return false;
    this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
    this.#read += value.length;
    this.#onBytes?.(this.#read);
    return true;
  }
}
