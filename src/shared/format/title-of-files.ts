/** The title of a text made of several files: "a.docx and 2 more". The first is the file whose name sorts first. */
export function titleOfFiles(names: readonly string[]): string {
  const [first = 'text', ...others] = names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return others.length === 0 ? first.slice(-255) : `${first.slice(-200)} and ${others.length} more`;
}
