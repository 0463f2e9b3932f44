import type { PdfStep } from '../../../shared/domain/documents.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { documentLimits } from '../limits.ts';
import { joinParagraphs, problemsOf, readAs, type ReadDocument, type Reading } from '../reading.ts';
import type { PdfLine } from './lines.ts';
import { readPages } from './pages.ts';
import { paragraphsOf } from './paragraphs.ts';
import { runningLines } from './running-lines.ts';

/**
 * Reads a PDF document: its pages' lines, without running heads and page numbers, joined into paragraphs.
 * @throws CharloomError('bad-text') if it is damaged, encrypted, beyond the limits, or a scan
 */
export async function readPdf(bytes: Uint8Array, reading: Reading): Promise<ReadDocument> {
  const { pages, unreadable } = await readPages(bytes, reading);
  const letters = pages.map(charactersOn);
  const total = letters.reduce((sum, count) => sum + count, 0);
  if (total < documentLimits.pdfCharactersPerPage * pages.length) throw scan(reading.name);
  const does = (step: PdfStep): boolean => !reading.choices.withoutSteps.includes(step);
  const running = does('running-heads') ? runningLines(pages) : new Set<PdfLine>();
  const { paragraphs, hyphens, joined } = paragraphsOf(
    pages.map((lines) => lines.filter((line) => !running.has(line))),
    { joinLines: does('page-lines'), joinHyphens: does('line-hyphens') },
  );
  const text = joinParagraphs(paragraphs);
  return readAs('pdf', text, {
    problems: problemsOf([
      [unreadable, (count) => `${count === 1 ? '1 page' : `${count} pages`} cannot be read.`],
      [
        letters.filter((count) => count === 0).length - unreadable,
        (count) => `${count === 1 ? '1 page holds' : `${count} pages hold`} no text, only pictures.`,
      ],
      [
        isRightToLeft(text) ? 1 : 0,
        () => 'Arabic and Hebrew cannot be read correctly from a PDF: import another format if you have one.',
      ],
    ]),
    steps: [
      { step: 'running-heads', count: running.size },
      { step: 'line-hyphens', count: hyphens },
      { step: 'page-lines', count: joined },
    ],
  });
}

function charactersOn(lines: readonly PdfLine[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}

function scan(name: string): CharloomError {
  return new CharloomError(
    'bad-text',
    `${name} contains no text: its pages are pictures (a scan) or empty.`,
    {
      fix: 'Use a text recognition (OCR) program, and import its output.',
    },
  );
}

function isRightToLeft(text: string): boolean {
  return /[\p{Script=Arabic}\p{Script=Hebrew}]{2}/u.test(text);
}
