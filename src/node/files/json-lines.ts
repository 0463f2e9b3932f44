import type { z } from 'zod';
import { appendWhole } from './append-whole.ts';
import { openPlain, readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/** A larger file of lines is not one of ours. */
const maxBytes = 1 << 26;

/**
 * The values in a file with one JSON value per line. Torn and foreign lines are skipped; a missing file has none.
 * @throws CharloomError('storage')
 */
export async function readJsonLines<T>(path: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const text = await withStorageErrors('read the file', path, () => readSmallText(path, maxBytes)).catch(
    (error: unknown) => {
      const cause = error instanceof Error ? error.cause : undefined;
      if (['ENOENT', 'ENOTDIR'].includes(systemCode(cause) ?? '')) return '';
      throw error;
    },
  );
  return text.split('\n').flatMap((line) => {
    const value = parsed(line);
    const checked = value === undefined ? undefined : schema.safeParse(value);
    return checked?.success === true ? [checked.data] : [];
  });
}

/**
 * Appends a line, completely or not at all. A line torn by a killed process stays separate.
 * @throws CharloomError('storage')
 */
export async function appendJsonLine(path: string, value: object, action: string): Promise<void> {
  const line = `${JSON.stringify(value)}\n`;
  const write = async (): Promise<void> => appendWhole(path, (await isTorn(path)) ? `\n${line}` : line);
  await withStorageErrors(action, path, write, Buffer.byteLength(line) + 1);
}

/** Whether a file ends within a line. */
async function isTorn(path: string): Promise<boolean> {
  const file = await openPlain(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 10;
  } finally {
    await file.close();
  }
}

/** Several values as the text of such a file. */
export function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function parsed(line: string): unknown {
  if (line === '') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
