import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/** The algorithm and the expected hash, in lower-case hex. */
export interface PinnedHash {
  readonly algorithm: 'sha256' | 'sha512';
  readonly hex: string;
}

/** Whether a file matches a pinned hash. */
export async function hasHash(file: string, { algorithm, hex }: PinnedHash): Promise<boolean> {
  if (!existsSync(file)) return false;
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex') === hex;
}

/** The same; a file that does not match is deleted. */
export async function isIntact(file: string, pinned: PinnedHash): Promise<boolean> {
  if (await hasHash(file, pinned)) return true;
  await rm(file, { force: true });
  return false;
}
