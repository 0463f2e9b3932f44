import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PdfFiles } from '../../engine/documents/reading.ts';

/** Reads character maps and font metrics from the pdf.js package. */
export const pdfFiles: PdfFiles = async (folder, name) => {
  const manifest = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
  return new Uint8Array(await readFile(join(dirname(manifest), folder, name)));
};
