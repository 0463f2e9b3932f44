import type { DocumentKind } from '../../shared/domain/document-kinds.ts';
import { isWhatsApp } from './chats/whatsapp.ts';
import { decodeText } from './decode.ts';
import { looksLikeTable } from './detect-table.ts';
import { cueTime } from './subtitles.ts';

/** Number of initial bytes of a file from which its kind is detected. */
export const detectedBytes = 64 * 1024;

/** Kinds detected from the first bytes; the others are found when an archive is opened, or JSON is parsed. */
export type DetectedKind = Exclude<DocumentKind, 'docx' | 'odt' | 'epub' | 'telegram' | 'discord'>;

/**
 * The apparent kind of a file, from its first bytes and never from its name. Anything that could be a plain text is 'text'.
 * @param isWhole whether these are all bytes of the file
 */
export function detectKind(head: Uint8Array, isWhole: boolean): DetectedKind {
  return binaryKind(head) ?? letterKind(head, isWhole);
}

/** Files that are recognised by a signature in their first bytes. */
function binaryKind(head: Uint8Array): DetectedKind | null {
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, at) => head[at] === byte);
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return 'zip';
  if (begins(0x1f, 0x8b, 8)) return 'gzip';
  if (begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1)) return 'doc';
  const letters = new TextDecoder('latin1').decode(head.subarray(0, 1024));
  // Some programs put white space or lines of their own before the signature; PDF readers search the first kilobyte.
  return /^[^]{0,1000}%PDF-\d\.\d/.test(letters) && !/^\s*[\p{L}\p{N}]/u.test(letters.split('%PDF-')[0] ?? '')
    ? 'pdf'
    : null;
}

function letterKind(head: Uint8Array, isWhole: boolean): DetectedKind {
  const text = decodeText(isWhole ? head : wholeLines(head), null).replace(/^\ufeff/, '');
  const start = text.trimStart().slice(0, 2000);
  if (start.startsWith('{\\rtf')) return 'rtf';
  if (/^WEBVTT(?:[ \t\r\n]|$)/.test(start)) return 'vtt';
  if (isSrt(text)) return 'srt';
  if (isHtml(start)) return 'html';
  const json = jsonKind(text, isWhole);
  if (json !== null) return json;
  if (isWhatsApp(text)) return 'whatsapp';
  return looksLikeTable(text, isWhole) ?? 'text';
}

/** Removes the last line, which the end of the head may have cut off. */
function wholeLines(head: Uint8Array): Uint8Array {
  const end = head.lastIndexOf(10);
  return end > 0 ? head.subarray(0, end + 1) : head;
}

function isSrt(text: string): boolean {
  const [number, time] = text
    .split(/\r?\n/, 20)
    .filter((line) => line.trim() !== '')
    .slice(0, 2);
  return /^\s*\d+\s*$/.test(number ?? '') && cueTime.test(time ?? '');
}

/** A page starts with its document type or its outermost element; a file that merely contains some tags is a text. */
function isHtml(start: string): boolean {
  const bare = start.replace(/^(?:<\?xml[^>]{0,200}\?>|\s+|<!--[^]{0,1000}?-->)+/, '');
  return /^<!doctype\s+html\b|^<html[\s>]/i.test(bare);
}

/** Number of lines checked to detect records. */
const lookedLines = 10;

/** JSON starts with a list of objects or strings, or with an object; lines of JSON are one object each. */
function jsonKind(text: string, isWhole: boolean): 'json' | 'jsonl' | null {
  if (!/^\s*(?:\{\s*["}]|\[\s*[[{"])/.test(text)) return null;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 1 && lines.slice(0, lookedLines).every(isRecord)) return 'jsonl';
  // A long file is parsed when it is read; if it cannot be, it is a text.
  return isWhole && !isJson(text) ? null : 'json';
}

function isRecord(line: string): boolean {
  return line.trimStart().startsWith('{') && isJson(line);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
