import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchFile } from '../../engines/fetch-file.ts';
import { isIntact, type PinnedHash } from '../../engines/intact.ts';
import { goesThroughProxy } from '../../engines/proxy.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { brokenDownload, foreignDownload } from '../../engines/download-errors.ts';
import { locateTarball, packWithNpm } from './npm.ts';
import type { WebgpuRelease } from './release.ts';

interface DownloadHooks {
  readonly signal: AbortSignal;
  /** Called with the downloaded bytes and the total. */
  onBytes(bytes: number, total: number): void;
}

/** npm's own proxy settings, which may be set for npm alone. */
const proxySettings = ['npm_config_proxy', 'npm_config_https_proxy'];

/**
 * Downloads the tarball of a release from npm's configured registry. It is kept under its name until the engine is installed, even if incomplete: an
 * interrupted installation continues where it stopped.
 * @returns the file, whose bytes have the pinned hash
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
  if (!(await fetchResumably(release, partial, { signal, onBytes }))) {
    await packWithNpm(release, partial, signal);
  }
  if (!(await isIntact(partial, pinned))) throw foreignDownload(release, 'npm’s registry');
  await rm(kept, { force: true });
  await rename(partial, kept);
  return kept;
}

/** False if only npm gets through; what arrives before a connection breaks is kept. */
async function fetchResumably(
  release: WebgpuRelease,
  partial: string,
  { signal, onBytes }: DownloadHooks,
): Promise<boolean> {
  if (goesThroughProxy(proxySettings)) return false;
  const address = await locateTarball(release, signal);
  const onProgress = (bytes: number, total = release.tarballBytes): void => onBytes(bytes, total);
  const outcome = await fetchFile(address, partial, { signal, onProgress });
  if (outcome === 'broken') throw brokenDownload(release, (await stat(partial)).size);
  return outcome === 'complete';
}

/** The registry's hash in base64. */
export function tarballHash({ integrity }: WebgpuRelease): PinnedHash {
  return { algorithm: 'sha512', hex: Buffer.from(integrity, 'base64').toString('hex') };
}
