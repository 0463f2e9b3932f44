export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * A plain-text table: columns as wide as their widest cell, two spaces between them, no trailing spaces.
 * Every row has one cell per column.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => displayWidth(cells[index] ?? ''))),
  );
  return lines
    .map((cells) =>
      columns.map((column, index) => pad(cells[index] ?? '', widths[index] ?? 0, column)).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

function pad(cell: string, width: number, column: Column): string {
  const blanks = ' '.repeat(width - displayWidth(cell));
  return column.align === 'right' ? blanks + cell : cell + blanks;
}

const graphemes = new Intl.Segmenter('en');
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** Columns a terminal needs for a text: wide East Asian characters and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
