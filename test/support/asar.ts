import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly link?: string;
  readonly unpacked?: boolean;
  readonly executable?: boolean;
  readonly size?: number;
  readonly offset?: string;
}

/**
 * Unpacks an archive into a folder, as Electron shows it to the program: including the unpacked files beside it.
 * @returns the paths of its files
 */
export function extractAsar(archive: string, folder: string): readonly string[] {
  const file = openSync(archive, 'r');
  try {
    const [headerSize, jsonSize] = [readNumber(file, 4), readNumber(file, 12)];
    const header = JSON.parse(read(file, 16, jsonSize).toString('utf8')) as Entry;
    const paths: string[] = [];
    const walk = ({ files = {} }: Entry, inside: string): void => {
      for (const [name, entry] of Object.entries(files)) {
        const path = join(inside, name);
        if (entry.files !== undefined) {
          walk(entry, path);
          continue;
        }
        paths.push(path);
        const place = join(folder, path);
        mkdirSync(dirname(place), { recursive: true });
        if (entry.link !== undefined) symlinkSync(join(folder, entry.link), place);
        else if (entry.unpacked === true) cpSync(join(`${archive}.unpacked`, path), place);
        else writeFileSync(place, read(file, 8 + headerSize + Number(entry.offset), entry.size ?? 0));
        if (entry.executable === true) chmodSync(place, 0o755);
      }
    };
    walk(header, '');
    return paths;
  } finally {
    closeSync(file);
  }
}

function read(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  readSync(file, buffer, 0, length, position);
  return buffer;
}

function readNumber(file: number, position: number): number {
  return read(file, position, 4).readUInt32LE();
}

/** A file's bytes after the last place where others stand. */
export function bytesAfter(path: string, mark: string, count: number): Buffer {
  const content = readFileSync(path);
  const start = content.lastIndexOf(mark) + mark.length;
  return content.subarray(start, start + count);
}
