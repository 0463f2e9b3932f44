import type { z } from 'zod';
import { appendWhole } from './append-whole.ts';
import { readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/** Beyond it a file of lines is none of ours. */
const maxBytes = 1 << 26;

/**
 * What the lines of a file hold, each one JSON value. Torn and foreign lines are passed over; a file that is not there has none.
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
 * Appends a line, completely or not at all. It also starts with a line end, so that a line torn by a killed process stays separate.
 * @throws CharloomError('storage')
 */
export async function appendJsonLine(path: string, value: object, action: string): Promise<void> {
  const line = `\n${JSON.stringify(value)}\n`;
  await withStorageErrors(action, path, () => appendWhole(path, line), Buffer.byteLength(line));
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
