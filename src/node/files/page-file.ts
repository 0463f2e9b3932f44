import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';

/** What the pages consist of; nothing else is served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file of the built pages, read whole: none is large. */
export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/**
 * Reads the file for an address, on any host: a file inside the folder, of a type that pages consist of. Undefined for anything else, and for missing
 * files.
 * @param pathname of the address, still encoded
 */
export async function readPageFile(folder: string, pathname: string): Promise<PageFile | undefined> {
  const path = fileOf(folder, pathname);
  const contentType = path === undefined ? undefined : contentTypes[extname(path)];
  if (path === undefined || contentType === undefined) return undefined;
  try {
    return { content: await readFile(path), contentType };
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, pathname: string): string | undefined {
  const path = decoded(pathname);
  if (path === undefined || /[\\\0]/.test(path)) return undefined;
  const file = join(folder, path);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : file;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
