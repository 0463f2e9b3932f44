/**
 * Makes a clean text from an e-text set in 70 columns: LF line ends, no title line of the collection, paragraphs on one line each (a model would
 * learn the column as if it meant something), at most two blank lines in a row, no marks for italics or titles.
 */
export function cleanText(raw: string, layout: 'prose' | 'verse'): string {
  const body = raw
    .replace(/\r\n?/g, '\n')
    .replace(/^\[[^\]\n]*\]\s*\n/, '')
    // eslint-disable-next-line no-control-regex -- old files end in Ctrl-Z
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replace(/_([^_\n]+(?:\n[^_\n]+)?)_/g, '$1')
    .replace(/^\} +/gm, '')
    .replace(/[ \t]+$/gm, '');
  const paragraphs = body
    .split(/(\n{2,})/)
    .map((part) => (part.startsWith('\n') ? part.slice(0, 3) : join(part, layout)));
  return `${paragraphs.join('').trim()}\n`;
}

/**
 * Joins the lines of a paragraph that were broken only for the column width; in prose, indented or short lines (verses, letters, tombstones) are left
 * unchanged.
 */
function join(paragraph: string, layout: 'prose' | 'verse'): string {
  // Verse continues an overlong line with four spaces; stanza numbers are indented further.
  if (layout === 'verse') return paragraph.replace(/(\S)\n {4}(?=[^ \d])/g, '$1 ');
  const lines = paragraph.split('\n');
  const isSetByHand = lines.some((line) => line.startsWith('  ')) || lines.every((line) => line.length < 50);
  return isSetByHand ? paragraph : lines.join(' ').replace(/ {2,}/g, ' ');
}
