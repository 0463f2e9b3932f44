import { defaultReadChoices, type ReadChoices } from '../../shared/domain/documents.ts';
import { CharloomError } from '../../shared/errors.ts';
import { binaryFormat } from '../dataset/binary-formats.ts';
import { readWhatsApp } from './chats/whatsapp.ts';
import { decodeText } from './decode.ts';
import { detectedBytes, detectKind, type DetectedKind } from './detect.ts';
import { readDoc } from './doc.ts';
import { unpackGzip } from './gzip.ts';
import { readHtml } from './html.ts';
import { readJsonLike } from './json-like.ts';
import { documentLimits } from './limits.ts';
import { readPacked } from './packed.ts';
import { readPdf } from './pdf/pdf.ts';
import {
  beyondLimits,
  readAs,
  saveAsText,
  type PdfFiles,
  type ReadDocument,
  type Reading,
  type ReadingProgress,
} from './reading.ts';
import { readRtf } from './rtf/rtf.ts';
import { readSubtitles } from './subtitles.ts';
import { readTable } from './table.ts';

export interface ReadDocumentOptions {
  /** The file's name, for messages only. */
  readonly name: string;
  readonly choices?: Partial<ReadChoices>;
  /** Where pdf.js finds its character maps and font metrics; without them some PDFs lose letters. */
  readonly pdfFiles?: PdfFiles | undefined;
  readonly onProgress?: (progress: ReadingProgress) => void;
}

/**
 * Reads the text of a file of any kind, detected from its content. Bytes in, text and remarks out: nothing is written, loaded or run. For untrusted
 * files the caller must use a process with time and memory limits.
 * @throws CharloomError('bad-text') with advice, for files that cannot be read
 */
export async function readDocument(bytes: Uint8Array, options: ReadDocumentOptions): Promise<ReadDocument> {
  const { name, choices, pdfFiles = null, onProgress = () => undefined } = options;
  if (bytes.length > documentLimits.fileBytes) {
    throw beyondLimits(name, 'it is larger than 512 MB, the limit for documents');
  }
  const reading = { name, choices: { ...defaultReadChoices, ...choices }, pdfFiles, onProgress };
  return readBytes(bytes, reading, 0);
}

async function readBytes(bytes: Uint8Array, reading: Reading, depth: number): Promise<ReadDocument> {
  const kind = detectKind(bytes.subarray(0, detectedBytes), bytes.length <= detectedBytes);
  if (kind === 'gzip') {
    if (depth > documentLimits.archiveDepth) throw beyondLimits(reading.name, 'it is packed more than twice');
    return readBytes(await unpackGzip(bytes, reading.name), reading, depth + 1);
  }
  if (kind === 'zip') {
    return readPacked(bytes, reading, depth, (inner, member) => readBytes(inner, member, depth + 1));
  }
  return readPlainly(kind, bytes, reading);
}

async function readPlainly(
  kind: Exclude<DetectedKind, 'zip' | 'gzip'>,
  bytes: Uint8Array,
  reading: Reading,
): Promise<ReadDocument> {
  switch (kind) {
    case 'pdf':
      return readPdf(bytes, reading);
    case 'doc':
      return readDoc(bytes, reading);
    case 'rtf':
      return readRtf(bytes, reading);
    case 'html':
      return readHtml(bytes, reading);
    case 'csv':
    case 'tsv':
      return readTable(kind, bytes, reading);
    case 'json':
    case 'jsonl':
      return readJsonLike(kind, bytes, reading);
    case 'srt':
    case 'vtt':
      return readSubtitles(kind, bytes, reading);
    case 'whatsapp':
      return readWhatsApp(bytes, reading);
    case 'text':
      return readText(bytes, reading);
  }
}

/** A text among other files; a single text is never read here, but used unchanged. */
function readText(bytes: Uint8Array, { name, choices }: Reading): ReadDocument {
  const head = bytes.subarray(0, detectedBytes);
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const format = isWide ? null : binaryFormat(head);
  if (format !== null) throw new CharloomError('bad-text', `${name} is ${format}.`, { fix: saveAsText });
  return readAs('text', decodeText(bytes, choices.encoding).replace(/^\ufeff/, ''));
}
