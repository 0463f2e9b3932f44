import { csvLines, type CsvTable } from './csv.ts';

/** Lets the browser (or Electron, which asks where) save something that the page has made. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the content by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

const linesAtOnce = 5000;

/** Writes a long table without holding up the page. */
export async function saveCsv(table: CsvTable, name: string): Promise<void> {
  // The mark makes spreadsheets read UTF-8.
  const parts = ['\ufeff'];
  let batch: string[] = [];
  for (const line of csvLines(table)) {
    batch.push(line);
    if (batch.length < linesAtOnce) continue;
    parts.push(batch.join(''));
    batch = [];
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  parts.push(batch.join(''));
  saveFile(new Blob(parts, { type: 'text/csv;charset=utf-8' }), name);
}
