/** A text without spaces and tabs at the ends of its lines. */
export function trimLineEnds(text: string): string {
  // A pattern for spaces before a line end takes quadratic time on long runs of spaces.
  return text.includes(' ') || text.includes('\t') ? text.split('\n').map(trimLineEnd).join('\n') : text;
}

/** A line without spaces and tabs at its end; other white space (of other widths) is text. */
export function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  return end === line.length ? line : line.slice(0, end);
}
