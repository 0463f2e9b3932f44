import { unchanged, type Cleaned, type CleaningExample } from './changes.ts';

/** Columns at which programs and typists broke lines. */
const columns = { from: 55, to: 80 } as const;
/** Share of the lines which others follow that end there in a text with wrapped lines. */
const mostly = 0.6;
const fewestLines = 8;
const mostExamples = 5;

/**
 * Lines that a program has broken become paragraphs. A line is only joined with the next where that line's first word had no room on it: verse,
 * lists and headings end before. Where the lines of a text do not mostly end at 55 to 80 columns, nothing is done.
 */
export function joinWrappedLines(text: string): Cleaned {
  if (!isWrapped(text)) return unchanged(text);
  const joined = join(text);
  // What still looks so afterwards is verse of long lines.
  return isWrapped(joined.text) ? unchanged(text) : joined;
}

/** Whether most lines that another one follows end at 55 to 80 columns. */
export function isWrapped(text: string): boolean {
  const lengths = followed(text.split('\n')).map((line) => line.length);
  const there = lengths.filter((length) => length >= columns.from && length <= columns.to);
  return lengths.length >= fewestLines && there.length >= mostly * lengths.length;
}

/** Lines that another one of the same paragraph follows. */
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
