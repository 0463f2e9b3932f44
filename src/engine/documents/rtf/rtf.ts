import { decodeText } from '../decode.ts';
import {
  damaged,
  joinParagraphs,
  problemsOf,
  readAs,
  wereOf,
  type ReadDocument,
  type Reading,
} from '../reading.ts';
import { RtfBody } from './body.ts';
import { rtfTokens } from './tokens.ts';
import { cellEnd } from './words.ts';

const mark = '{\\rtf';

/**
 * Reads an RTF document (RTF 1.9.1): its body, then its notes. Headers, pictures and hidden text are left out.
 * @throws CharloomError('bad-text') if it is nested too deeply or is not RTF
 */
export function readRtf(given: Uint8Array, reading: Reading): ReadDocument {
  const { name } = reading;
  const bytes = singleBytes(given);
  const start = beginning(bytes);
  if (start < 0) throw damaged(name, 'its beginning is missing');
  const body = new RtfBody(name);
  for (const token of rtfTokens(bytes, start)) {
    body.take(token);
    if (body.hasEnded) break;
  }
  const { text, notes, found } = body.finish();
  return readAs('rtf', joinParagraphs([...paragraphsOf(text), ...notes]), {
    problems: problemsOf([
      [body.hasEnded ? 0 : 1, () => 'The file is cut short: its end is missing.'],
      [notes.length, (count) => `${wereOf(count, 'note')} put at the end of the text.`],
      [found.pictures, (count) => `${wereOf(count, 'picture')} left out.`],
      [found.hidden, (count) => `${wereOf(count, 'hidden passage')} left out.`],
    ]),
  });
}

function paragraphsOf(text: string): readonly string[] {
  return (
    text
      .split(cellEnd)
      // The paragraph in a cell ends before the cell does.
      .map((cell, index, cells) => (index < cells.length - 1 ? cell.trimEnd() : cell))
      .join('\t')
      .replaceAll('\t\n', '\n')
      .split(/\n\n+/)
      .map((paragraph) => paragraph.replace(/^[ \n]+|[ \n]+$/g, ''))
      .filter((paragraph) => paragraph.trim() !== '')
  );
}

/** RTF is ASCII; if a program saved it as UTF-16, its characters are the bytes. */
function singleBytes(bytes: Uint8Array): Uint8Array {
  if (!bytes.subarray(0, 64).includes(0)) return bytes;
  const text = decodeText(bytes, null);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
}

/** The start of the document: after a byte order mark and spaces, if there are any. */
function beginning(bytes: Uint8Array): number {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).indexOf(mark);
}
