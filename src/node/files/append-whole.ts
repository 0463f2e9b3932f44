import { open } from 'node:fs/promises';

/** Adds text at the end of a file, all of it or nothing: what a full disk let through of it is cut off again. Makes the file where there is none. */
export async function appendWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    try {
      await file.appendFile(text);
    } catch (error) {
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await file.close();
  }
}
