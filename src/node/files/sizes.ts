import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of a file, or of everything in a folder; missing files count as nothing. */
export async function sizeOf(path: string): Promise<number> {
  return sizeKnowing(path, new Map());
}

/**
 * The same, without asking the system again for known sizes.
 * @param known sizes of files in it, by their paths
 */
export async function sizeKnowing(path: string, known: ReadonlyMap<string, number>): Promise<number> {
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined) return 0;
  return status.isDirectory() ? sizeOfFolder(path, known) : status.size;
}

async function sizeOfFolder(path: string, known: ReadonlyMap<string, number>): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) return sizeOfFolder(inside, known);
      // A link has a size of its own, which is not that of its file.
      const size = entry.isFile() ? known.get(inside) : undefined;
      return size ?? sizeKnowing(inside, known);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
