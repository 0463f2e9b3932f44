import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { CharloomError } from '../../../shared/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';

/** Where a file of a wheel goes, relative to the engine's folder; undefined leaves it out. */
export type Destination = (path: string) => string | undefined;

/** The libraries of TensorFlow, and the few headers its Node.js binding includes. */
export const tensorflowFiles: Destination = (path) => {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.(?:so\.2|2\.dylib))$/.exec(path)?.[1];
  if (library !== undefined) return join('deps', 'lib', library);
  const header =
    /^tensorflow\/include\/((?:tensorflow\/(?:c|core\/platform)|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/.exec(
      path,
    )?.[1];
  return header === undefined ? undefined : join('deps', 'include', header);
};

/**
 * The shared libraries of an `nvidia-*` wheel, all into the folder of TensorFlow's own: its run path names `$ORIGIN`, so it finds them there without
 * a search path.
 */
export const cudaFiles: Destination = (path) =>
  /^nvidia\/[^/]+\/lib\/[^/]+\.so(\.\d+)*$/.test(path) ? join('deps', 'lib', basename(path)) : undefined;

interface UnpackHooks {
  readonly signal: AbortSignal;
  onBytes(written: number, total: number): void;
  /** Whether files are checked against the wheel's own record; not needed where the wheel's hash is known. */
  readonly isChecked?: boolean;
}

/** Unpacks the wanted files of a wheel, one after another, never holding a whole file in memory; returns the bytes written. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  destination: Destination,
  { signal, onBytes, isChecked = false }: UnpackHooks,
): Promise<number> {
  return withWheel(wheel, async (archive, entries) => {
    const wanted = entries.flatMap((entry) => {
      const target = destination(entry.fileName);
      return target === undefined ? [] : [{ entry, target: join(folder, target) }];
    });
    const hashes = isChecked ? await readRecord(archive, entries) : undefined;
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let written = 0;
    for (const { entry, target } of wanted) {
      const hash = await writeEntry(archive, entry, target, signal);
      if (hashes !== undefined && hashes.get(entry.fileName) !== hash) throw damagedWheel(wheel);
      written += entry.uncompressedSize;
      onBytes(written, total);
    }
    return written;
  });
}

/** Bytes that the wanted files of a wheel take once they are unpacked. */
export async function unpackedBytes(wheel: string, destination: Destination): Promise<number> {
  return withWheel(wheel, async (_, entries) =>
    entries
      .filter(({ fileName }) => destination(fileName) !== undefined)
      .reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0),
  );
}

async function withWheel<T>(
  wheel: string,
  use: (archive: ZipFile, entries: readonly Entry[]) => Promise<T>,
): Promise<T> {
  const archive = await openPromise(wheel, { autoClose: false }).catch((cause: unknown) => {
    throw damagedWheel(wheel, cause);
  });
  try {
    const entries: Entry[] = [];
    for await (const entry of archive.eachEntry()) entries.push(entry);
    return await use(archive, entries);
  } finally {
    archive.close();
  }
}

/** A wheel's list of hashes of its own files, `path,sha256=<base64url>,<bytes>` per line (Python's binary distribution format). */
async function readRecord(archive: ZipFile, entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const record = entries.find(({ fileName }) => /^[^/]+\.dist-info\/RECORD$/.test(fileName));
  if (record === undefined) return new Map();
  const lines = (await text(await archive.openReadStreamPromise(record))).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, path, hash] = /^(.+),sha256=([\w-]+),\d*\s*$/.exec(line) ?? [];
      return path === undefined || hash === undefined ? [] : [[path, hash] as const];
    }),
  );
}

/** Returns the SHA-256 of the written data in base64url. */
async function writeEntry(
  archive: ZipFile,
  entry: Entry,
  target: string,
  signal: AbortSignal,
): Promise<string> {
  await makeFolder(dirname(target));
  const hash = createHash('sha256');
  const hashed = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(await archive.openReadStreamPromise(entry), hashed, createWriteStream(target), { signal });
  return hash.digest('base64url');
}

function damagedWheel(wheel: string, cause?: unknown): CharloomError {
  return new CharloomError('backend-unavailable', `${basename(wheel)} is damaged or incomplete.`, {
    fix: 'Copy or download it again.',
    ...(cause === undefined ? {} : { cause }),
  });
}
