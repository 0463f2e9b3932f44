import { copyFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { hasHash } from '../../engines/intact.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { CharloomError } from '../../../shared/errors.ts';
import type { PinnedFile, WebgpuRelease } from './release.ts';
import { unpackTarball } from './tarball.ts';

/** Everything in an npm tarball is in this folder. */
const packagePrefix = /^package\//;

/**
 * The files of a release, from npm's tarball or from the package's folder as npm unpacks it; a folder with the tarball in it will do too.
 * @throws CharloomError 'not-found' if there is neither
 */
export async function takeFiles(
  source: string,
  files: readonly PinnedFile[],
  staging: string,
  signal: AbortSignal,
): Promise<void> {
  const place = resolve(source);
  const status = await stat(place).catch(() => undefined);
  if (status === undefined) throw new CharloomError('not-found', `${place} does not exist.`);
  if (!status.isDirectory()) return unpackFiles(place, files, staging, signal);
  const tarball = (await readdir(place)).find((name) => /^webgpu-.*\.tgz$/.test(name));
  if (tarball !== undefined) return unpackFiles(join(place, tarball), files, staging, signal);
  for (const { path } of files) {
    signal.throwIfAborted();
    const target = join(staging, basename(path));
    await makeFolder(dirname(target));
    await copyFile(join(place, path), target).catch((cause: unknown) => {
      throw notThePackage(place, path, cause);
    });
  }
}

async function unpackFiles(
  tarball: string,
  files: readonly PinnedFile[],
  staging: string,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path));
  await unpackTarball(
    tarball,
    (path) => {
      const inPackage = path.replace(packagePrefix, '');
      return wanted.has(inPackage) ? join(staging, basename(inPackage)) : undefined;
    },
    { signal },
  ).catch((cause: unknown) => {
    if (signal.aborted || !isDamaged(cause)) throw cause;
    throw new CharloomError('backend-unavailable', `${tarball} is damaged or not an npm package.`, {
      fix: 'Download it again with "npm pack webgpu".',
      cause,
    });
  });
}

/** Errors of gzip and of the archive itself, not the disk's. */
function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return !('syscall' in error) && (!('code' in error) || /^Z_/.test(String(error.code)));
}

/**
 * Refuses files that are not those of the release, whatever their source: other native code is never loaded.
 * @throws CharloomError 'backend-unavailable'
 */
export async function checkFiles(
  { project, version }: WebgpuRelease,
  files: readonly PinnedFile[],
  staging: string,
): Promise<void> {
  for (const { path, sha256 } of files) {
    const isKnown = await hasHash(join(staging, basename(path)), { algorithm: 'sha256', hex: sha256 });
    if (isKnown) continue;
    throw new CharloomError('backend-unavailable', `${path} is not that of ${project} ${version}.`, {
      fix: `Charloom needs exactly this version: download it with "npm pack ${project}@${version}".`,
    });
  }
}

function notThePackage(place: string, path: string, cause: unknown): CharloomError {
  return new CharloomError('not-found', `${place} is not npm's package webgpu: it has no ${path}.`, {
    fix: 'Give the tarball that "npm pack webgpu" writes, or the package\'s folder in a node_modules.',
    cause,
  });
}
