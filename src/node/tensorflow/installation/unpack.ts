import { createWriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
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
 * The shared libraries of an `nvidia-*` wheel, all into the folder of TensorFlow's own: its run path names `$ORIGIN`, so it finds
 * them there without any search path being set.
 */
export const cudaFiles: Destination = (path) =>
  /^nvidia\/[^/]+\/lib\/[^/]+\.so(\.\d+)*$/.test(path) ? join('deps', 'lib', basename(path)) : undefined;

/** Unpacks the wanted files of a wheel, one after another, never holding a whole file in memory; returns the bytes written. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  destination: Destination,
  hooks: { readonly signal: AbortSignal; onBytes(written: number, total: number): void },
): Promise<number> {
  const archive = await openPromise(wheel, { autoClose: false });
  try {
    const wanted: { readonly entry: Entry; readonly target: string }[] = [];
    for await (const entry of archive.eachEntry()) {
      const target = destination(entry.fileName);
      if (target !== undefined) wanted.push({ entry, target: join(folder, target) });
    }
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let written = 0;
    for (const { entry, target } of wanted) {
      await writeEntry(archive, entry, target, hooks.signal);
      written += entry.uncompressedSize;
      hooks.onBytes(written, total);
    }
    return written;
  } finally {
    archive.close();
  }
}

async function writeEntry(
  archive: ZipFile,
  entry: Entry,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  await makeFolder(dirname(target));
  await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(target), { signal });
}
