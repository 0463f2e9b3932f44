import { open, stat, type FileHandle } from 'node:fs/promises';
import { hashFile } from '../../node/files/hash-file.ts';

const portion = 1 << 20;

/** Whether two files have the same content. Rejects if one cannot be read. */
export async function haveSameContent(a: string, b: string): Promise<boolean> {
  const files: FileHandle[] = [];
  try {
    for (const path of [a, b]) files.push(await open(path));
    const [left, right] = files;
    if (left === undefined || right === undefined) return false;
    const [mine, other] = [Buffer.allocUnsafe(portion), Buffer.allocUnsafe(portion)];
    for (;;) {
      const read = await fill(left, mine);
      if (read !== (await fill(right, other))) return false;
      if (!mine.subarray(0, read).equals(other.subarray(0, read))) return false;
      if (read < portion) return true;
    }
  } finally {
    for (const file of files) await file.close();
  }
}

/** Fills the buffer from where the last read ended; reads less only at the end of the file. */
async function fill(file: FileHandle, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Bytes in a file; undefined when there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() === true ? status.size : undefined;
}

/** Whether a file exists and has exactly this content. */
export async function holdsContent(
  path: string,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
): Promise<boolean> {
  return (await fileSize(path)) === bytes && (await hashFile(path).catch(() => '')) === sha256;
}
