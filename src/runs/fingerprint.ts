import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The properties of a file or folder that change when it does. */
export interface FileMark {
  /** The same text for the same content, judged by size and times; '-' if there is nothing. */
  readonly text: string;
  /** When it was changed last, in milliseconds since 1970; 0 where there is nothing. */
  readonly changed: number;
}

/**
 * The mark of a file. A replaced file has another inode number, one that was appended to another size; a folder changes when a file in it is added,
 * replaced or removed.
 */
export async function markOf(path: string): Promise<FileMark> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return { text: `${ino}/${size}/${mtimeMs}`, changed: Math.max(mtimeMs, ctimeMs) };
  } catch {
    return { text: '-', changed: 0 };
  }
}

/**
 * Milliseconds within which a file may change again without its time changing. File systems that keep fractions of a second have steps of at most a
 * hundredth; others have steps of up to two seconds.
 * @param changed its time, in milliseconds since 1970
 */
export function timeStepAt(changed: number): number {
  return changed % 1000 === 0 ? 2500 : 100;
}

/** The marks of several files of a folder in one text. */
export async function fingerprint(folder: string, names: readonly string[]): Promise<string> {
  const marks = await Promise.all(names.map((name) => markOf(join(folder, name))));
  return marks.map(({ text }) => text).join(' ');
}
