import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchFile } from '../../engines/fetch-file.ts';
import { isIntact, type PinnedHash } from '../../engines/intact.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { brokenDownload, foreignDownload } from '../../engines/download-errors.ts';
import { locateTarball, packWithNpm } from './npm.ts';
import type { WebgpuRelease } from './release.ts';

interface DownloadHooks {
  readonly signal: AbortSignal;
  /** Told of the bytes that are there and of those there will be. */
  onBytes(bytes: number, total: number): void;
}

/**
 * Fetches the tarball of a release from the registry that npm is set to. It is kept under its name until the engine is installed, an unfinished one too:
 * an interrupted installation goes on where it stopped.
 * @returns the file, whose bytes are those of the pinned hash
 */
export async function downloadTarball(
  release: WebgpuRelease,
  folder: string,
  { signal, onBytes }: DownloadHooks,
): Promise<string> {
  await makeFolder(folder);
  const kept = join(folder, `${release.project}-${release.version}.tgz`);
  const pinned = tarballHash(release);
  if (await isIntact(kept, pinned)) return kept;
  const partial = `${kept}.partial`;
  const address = await locateTarball(release, signal);
  const onProgress = (bytes: number, total = release.tarballBytes): void => onBytes(bytes, total);
  const outcome = await fetchFile(address, partial, { signal, onProgress });
  if (outcome === 'broken') throw brokenDownload(release, (await stat(partial)).size);
  if (outcome === 'refused') await packWithNpm(release, partial, signal);
  if (!(await isIntact(partial, pinned))) throw foreignDownload(release, 'the registry that npm is set to');
  await rm(kept, { force: true });
  await rename(partial, kept);
  return kept;
}

/** What a registry tells in base64. */
export function tarballHash({ integrity }: WebgpuRelease): PinnedHash {
  return { algorithm: 'sha512', hex: Buffer.from(integrity, 'base64').toString('hex') };
}
