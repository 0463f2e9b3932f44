import { decodeText } from './decode.ts';
import { readAs, type ReadDocument, type Reading } from './reading.ts';

/** "00:00:01,000 --> 00:00:03,500"; WebVTT has a point instead of the comma, and may leave out the hours. */
export const cueTime =
  /^\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s+-->\s+(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}/;

/** Reads subtitles (SRT or WebVTT): the spoken lines, without numbers, times and tags. */
export function readSubtitles(kind: 'srt' | 'vtt', bytes: Uint8Array, reading: Reading): ReadDocument {
  const text = decodeText(bytes, reading.choices.encoding).replace(/\r\n?/g, '\n');
  const spoken = cuesOf(text.split('\n')).flatMap((lines) =>
    lines.map((line) => plainLine(line, kind)).filter((line) => line.trim() !== ''),
  );
  return readAs(kind, spoken.length === 0 ? '' : `${spoken.join('\n')}\n`);
}

/**
 * The lines of each cue. A cue starts with its time and ends with a blank line; anything outside of cues (numbers, names, notes, styles) is not
 * spoken.
 */
function cuesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const cues: string[][] = [];
  let cue: string[] | null = null;
  for (const line of lines) {
    if (cueTime.test(line)) {
      cue = [];
      cues.push(cue);
    } else if (line.trim() === '') cue = null;
    else cue?.push(line);
  }
  return cues;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['nbsp', '\u00a0'],
  ['lrm', '\u200e'],
  ['rlm', '\u200f'],
]);

function plainLine(line: string, kind: 'srt' | 'vtt'): string {
  // WebVTT has its own tags, including times; SRT has a few HTML tags, and positions in braces.
  const tags = kind === 'vtt' ? /<\/?[a-z\d][^<>]*>/gi : /<\/?(?:[biu]|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}/gi;
  const bare = line.replace(tags, '');
  return kind === 'vtt'
    ? bare.replace(/&(\w+);/g, (whole, name: string) => entities.get(name) ?? whole)
    : bare;
}
