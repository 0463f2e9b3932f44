import { z } from 'zod';

/** The kind of a file, detected from its content. 'text' is read unchanged. */
export const documentKinds = [
  'text',
  'docx',
  'odt',
  'epub',
  'html',
  'rtf',
  'pdf',
  'doc',
  'csv',
  'tsv',
  'json',
  'jsonl',
  'srt',
  'vtt',
  'whatsapp',
  'telegram',
  'discord',
  'zip',
  'gzip',
] as const;
export const documentKindSchema = z.enum(documentKinds);
export type DocumentKind = z.infer<typeof documentKindSchema>;

/** Kinds as noun phrases: "a Word document". */
export const documentKindWords = {
  text: 'a plain text',
  docx: 'a Word document',
  odt: 'an OpenDocument text',
  epub: 'an EPUB book',
  html: 'an HTML page',
  rtf: 'an RTF document',
  pdf: 'a PDF document',
  doc: 'an old Word document',
  csv: 'a table (CSV)',
  tsv: 'a table (TSV)',
  json: 'a JSON file',
  jsonl: 'a file of JSON lines',
  srt: 'subtitles (SRT)',
  vtt: 'subtitles (WebVTT)',
  whatsapp: 'a WhatsApp chat',
  telegram: 'a Telegram export',
  discord: 'a Discord export',
  zip: 'a ZIP archive',
  gzip: 'a gzip archive',
} as const satisfies Record<DocumentKind, string>;
