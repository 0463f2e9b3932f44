import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { CharloomError } from '../../../shared/errors.ts';
import { documentLimits } from '../limits.ts';
import { beyondLimits, damaged, encrypted, type PdfFiles, type Reading } from '../reading.ts';
import { linesOf, type PdfLine } from './lines.ts';

/** The lines of a document's pages. */
export interface PdfPages {
  readonly pages: readonly (readonly PdfLine[])[];
  /** Pages that pdf.js could not read. */
  readonly unreadable: number;
}

/**
 * Reads the letters of all pages, in the order in which they were written onto them. pdf.js is loaded here and nowhere else.
 * @throws CharloomError('bad-text') if it is damaged, encrypted, or has too many pages
 */
export async function readPages(bytes: Uint8Array, reading: Reading): Promise<PdfPages> {
  const { name } = reading;
  const document = await openPdf(bytes, reading);
  try {
    const count = document.numPages;
    if (count > documentLimits.pdfPages) {
      throw beyondLimits(name, `it has ${count} pages, more than the limit of ${documentLimits.pdfPages}`);
    }
    reading.onProgress({ fraction: 0, pages: count });
    const pages: (readonly PdfLine[])[] = [];
    let unreadable = 0;
    for (let number = 1; number <= count; number += 1) {
      const lines = await readPage(document, number);
      if (lines === null) unreadable += 1;
      pages.push(lines ?? []);
      reading.onProgress({ fraction: number / count, pages: count });
    }
    if (unreadable === count) throw damaged(name, 'none of its pages can be read');
    return { pages, unreadable };
  } finally {
    await document.loadingTask.destroy();
  }
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<readonly PdfLine[] | null> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent({ disableNormalization: false });
    page.cleanup();
    return linesOf(items.filter((item) => 'str' in item));
  } catch {
    return null;
  }
}

async function openPdf(bytes: Uint8Array, reading: Reading): Promise<PDFDocumentProxy> {
  const pdfjs = await loadPdfjs();
  const task = pdfjs.getDocument({
    // A copy: pdf.js empties the array that it is given.
    data: new Uint8Array(bytes),
    ...(reading.choices.password === null ? {} : { password: reading.choices.password }),
    verbosity: 0,
    enableXfa: false,
    useWasm: false,
    useSystemFonts: false,
    useWorkerFetch: false,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    standardFontDataUrl: 'standard_fonts/',
    BinaryDataFactory: filesFactory(reading.pdfFiles),
    CanvasFactory: Nothing,
    FilterFactory: Nothing,
  });
  try {
    return await task.promise;
  } catch (error) {
    await task.destroy();
    throw explained(error, reading);
  }
}

/** Nothing is drawn, so nothing needed for drawing is created. */
class Nothing {
  destroy(): void {
    // It holds nothing.
  }
}

/** Provides pdf.js with its own files from the host. Nothing else can be loaded. */
function filesFactory(files: PdfFiles | null) {
  return class {
    fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
      if (files === null || !/^[\w.-]+$/.test(filename)) return Promise.reject(new Error('no such file'));
      return files(kind === 'cMapUrl' ? 'cmaps' : 'standard_fonts', filename);
    }
  };
}

/** pdf.js requires DOMMatrix when it is loaded, and more only when it draws. */
function UnusedMatrix(): void {
  throw new Error('nothing is drawn here');
}

async function loadPdfjs() {
  const scope = globalThis as Record<string, unknown>;
  scope['DOMMatrix'] ??= UnusedMatrix;
  scope['Path2D'] ??= UnusedMatrix;
  // Defined here, it makes pdf.js work in this thread: the process is already a separate one.
  scope['pdfjsWorker'] ??= await import('pdfjs-dist/legacy/build/pdf.worker.min.mjs');
  return import('pdfjs-dist/legacy/build/pdf.min.mjs');
}

function explained(error: unknown, { name, choices }: Reading): CharloomError {
  if (error instanceof Error && error.name === 'PasswordException') {
    return encrypted(name, { kind: 'give-password', wasWrong: choices.password !== null });
  }
  return damaged(name, 'no page of it can be found', error);
}
