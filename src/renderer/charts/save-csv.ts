import { saveBlob } from '../bridge/save-blob.ts';
import { csvLines, type CsvTable } from './csv.ts';

const linesAtOnce = 5000;

/** Writes a long table without holding up the page. */
export async function saveCsv(table: CsvTable, name: string): Promise<void> {
  // The byte order mark makes spreadsheets read UTF-8.
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
  saveBlob(new Blob(parts, { type: 'text/csv;charset=utf-8' }), name);
}
