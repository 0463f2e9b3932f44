import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mix32 } from '../../src/engine/random/hash.ts';

const words =
  'the sea was calm and a ship came home with nobody on board but one old cat that knew how to steer'.split(
    ' ',
  );

/** Lines of words in no order: something to learn (spelling) and something to guess (which word). */
export function wordyText(characters: number, seed = 1): string {
  let text = '';
  for (let i = 0; text.length < characters; i++) {
    const word = words[mix32(seed * 1_000_003 + i) % words.length] ?? '';
    text += i % 9 === 8 ? `${word}.\n` : `${word} `;
  }
  return text.slice(0, characters);
}

/** Random letters: a model that improves on one half has memorised it, and is worse on the other. */
export function noise(characters: number, letters = 20): string {
  return Array.from({ length: characters }, (_, i) =>
    String.fromCharCode(97 + (mix32(i + 77) % letters)),
  ).join('');
}

/** A separate folder under the system's temporary folder. */
export function temporaryFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `charloom-${purpose}-`));
}

/** Writes a text into a folder and returns its path. */
export function writeText(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What arrives as an upload, piece by piece. */
export async function* uploaded(...content: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of content) yield await Promise.resolve(Buffer.from(piece));
}

/** Options for a run of milliseconds: a small model on one thread. */
export const quickModel = [
  '--rnn-size',
  '16',
  '--num-layers',
  '1',
  '--batch-size',
  '5',
  '--seq-length',
  '20',
  '--threads',
  '1',
] as const;
