import { open } from 'node:fs/promises';

/** Appends text to a file, all of it or nothing: a partial write to a full disk is cut off again. Creates the file if it does not exist. */
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
