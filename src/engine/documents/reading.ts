import type { DocumentKind } from '../../shared/domain/document-kinds.ts';
import type { OfferedChoice, ReadChoices, StepCount, DocumentMember } from '../../shared/domain/documents.ts';
import type { Advice } from '../../shared/advice.ts';
import { CharloomError } from '../../shared/errors.ts';

/** Files that pdf.js may request: character maps, and the metrics of fonts that a document does not embed. */
export type PdfFiles = (folder: 'cmaps' | 'standard_fonts', name: string) => Promise<Uint8Array>;

export interface ReadingProgress {
  /** 0..1 */
  readonly fraction: number;
  /** Pages of the document, as soon as they are known; null where there are none. */
  readonly pages: number | null;
}

/** The input of every reader. */
export interface Reading {
  /** The file's name, for messages. */
  readonly name: string;
  readonly choices: ReadChoices;
  readonly pdfFiles: PdfFiles | null;
  readonly onProgress: (progress: ReadingProgress) => void;
}

/** What a reader finds. */
export interface ReadDocument {
  readonly kind: DocumentKind;
  /** Paragraphs are separated by a blank line, lines of one paragraph by a line end, cells of a table by a tab; ends with a line end unless it is empty. */
  readonly text: string;
  /** What was left out or is doubtful, one sentence each. */
  readonly problems: readonly string[];
  readonly choice: OfferedChoice | null;
  readonly steps: readonly StepCount[];
  readonly members: readonly DocumentMember[];
}

/** A result that is only a text. */
export function readAs(
  kind: DocumentKind,
  text: string,
  rest: Partial<Omit<ReadDocument, 'kind' | 'text'>> = {},
): ReadDocument {
  return { kind, text, problems: [], choice: null, steps: [], members: [], ...rest };
}

/** What to do about a file that cannot be read as it is. */
export const saveAsText =
  'Open it in the program that created it, save it as plain text, and import that file.';
const importAgain = 'Import another copy of it, or save it as plain text first.';

/** A file that ends too early or does not have its declared format. */
export function damaged(name: string, what: string, cause?: unknown): CharloomError {
  return new CharloomError('bad-text', `${name} is damaged: ${what}.`, { fix: importAgain, cause });
}

/** A file beyond what any genuine one needs. */
export function beyondLimits(name: string, what: string): CharloomError {
  return new CharloomError('bad-text', `${name} is refused: ${what}.`, { fix: saveAsText });
}

/** A file that is opened with a password. */
export function encrypted(name: string, fix: string | Advice): CharloomError {
  return new CharloomError('bad-text', `${name} is encrypted.`, { fix });
}

/** Paragraphs as one text, with a line end at its end; empty when there are none. */
export function joinParagraphs(paragraphs: readonly string[]): string {
  return paragraphs.length === 0 ? '' : `${paragraphs.join('\n\n')}\n`;
}

/** Sentences for the problems that occur at least once. */
export function problemsOf(
  counts: readonly (readonly [count: number, sentence: (count: number) => string])[],
): string[] {
  return counts.filter(([count]) => count > 0).map(([count, sentence]) => sentence(count));
}

/** "1 picture was", "3 pictures were". */
export function wereOf(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${plural} were`;
}
