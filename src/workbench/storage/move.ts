import { cp, rename, rm } from 'node:fs/promises';
import { systemCode } from '../../node/files/storage-error.ts';

/** Moves files and folders one after another. If one cannot be moved, those before it are moved back. */
export async function moveAll(moves: readonly (readonly [from: string, to: string])[]): Promise<void> {
  const done: (readonly [from: string, to: string])[] = [];
  try {
    for (const [from, to] of moves) {
      await move(from, to);
      done.push([from, to]);
    }
  } catch (error) {
    for (const [from, to] of done.reverse()) await move(to, from).catch(() => undefined);
    throw error;
  }
}

/** Across disks a rename is a copy, which takes its place only when complete. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    const copy = `${to}.copy`;
    await cp(from, copy, { recursive: true, preserveTimestamps: true });
    await rename(copy, to);
    await rm(from, { recursive: true, force: true });
  }
}
