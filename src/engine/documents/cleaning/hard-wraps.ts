import { unchanged, type Cleaned, type CleaningExample } from './changes.ts';

/** Columns at which programs and typists break lines. */
const columns = { from: 55, to: 80 } as const;
/** Minimum share of continued lines that end there in a text with wrapped lines. */
const mostly = 0.6;
const fewestLines = 8;
const mostExamples = 5;

/**
 * Joins lines that a program has wrapped into paragraphs. A line is joined with the next only if the next line's first word would not have
 * fitted on it: verse, lists and headings end earlier. A text whose lines do not mostly end at 55 to 80 columns is left unchanged.
 */
export function joinWrappedLines(text: string): Cleaned {
  if (!isWrapped(text)) return unchanged(text);
  const joined = join(text);
  // A text that still looks wrapped afterwards is verse with long lines.
  return isWrapped(joined.text) ? unchanged(text) : joined;
}

/** Whether most continued lines end at 55 to 80 columns. */
export function isWrapped(text: string): boolean {
  const lengths = followed(text.split('\n')).map((line) => line.length);
  const there = lengths.filter((length) => length >= columns.from && length <= columns.to);
  return lengths.length >= fewestLines && there.length >= mostly * lengths.length;
}

/** Continued lines: those followed by another line of the same paragraph. */
function followed(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => line.trim() !== '' && (lines[index + 1]?.trim() ?? '') !== '');
}

function join(text: string): Cleaned {
  const lines = text.split('\n');
  const width = widthOf(lines);
  const out: string[] = [];
  const examples: CleaningExample[] = [];
  let pieces: string[] = [];
  let count = 0;
  let at = 0;
  for (const [index, line] of lines.entries()) {
    pieces.push(line);
    const next = lines[index + 1];
    if (next !== undefined && isBroken(line, next, width)) {
      const between = /(?:--|[—–\s])$/.test(line) ? '' : ' ';
      pieces.push(between);
      count += 1;
      const place = at + line.length;
      if (examples.length < mostExamples) {
        examples.push({ before: `${line.slice(-30)}\n${next.slice(0, 30)}`, after: between, at: place });
      }
    } else {
      out.push(pieces.join(''));
      pieces = [];
    }
    at += line.length + 1;
  }
  return { text: out.join('\n'), count, examples };
}

/** The column that lines may reach: nine of ten continued lines end before it. */
function widthOf(lines: readonly string[]): number {
  const lengths = followed(lines)
    .map(({ length }) => length)
    .filter((length) => length <= columns.to)
    .toSorted((a, b) => a - b);
  return lengths[Math.floor(0.9 * (lengths.length - 1))] ?? columns.to;
}

function isBroken(line: string, next: string, width: number): boolean {
  const word = /^[^\s]+/.exec(next)?.[0];
  // A line that starts with a space is indented on purpose: verse, code, the start of a paragraph.
  if (word === undefined || line.trim() === '' || /^\s/.test(line)) return false;
  if (/^(?:[-*•>|#]|\d+[.)])(?:\s|$)/.test(next)) return false;
  return line.length <= columns.to && line.length + 1 + word.length > width;
}
