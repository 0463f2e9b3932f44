import { statfs } from 'node:fs/promises';
import { CharloomError } from '../../shared/errors.ts';

/** The version of this system's glibc; undefined if it has another C library, as Alpine Linux does. */
export function systemLibrary(): string | undefined {
  const report: unknown = process.report.getReport();
  const header =
    report !== null && typeof report === 'object' && 'header' in report ? report.header : undefined;
  if (header === null || typeof header !== 'object' || !('glibcVersionRuntime' in header)) return undefined;
  return typeof header.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : undefined;
}

/**
 * A program built for glibc cannot be loaded on a system with another C library (Alpine), or with an older glibc.
 * @param needed X of the required glibc version 2.X
 * @throws CharloomError('backend-unavailable') on Linux
 */
export function checkSystemLibrary(
  found: string | undefined,
  { name, needed }: { readonly name: string; readonly needed: number },
): void {
  if (process.platform !== 'linux') return;
  if (found === undefined) {
    throw new CharloomError(
      'backend-unavailable',
      `This system has no glibc (Alpine Linux, for instance), which ${name} needs.`,
      { fix: 'Use the embedded backend, or a Debian or Fedora based system.' },
    );
  }
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= needed)) return;
  throw new CharloomError(
    'backend-unavailable',
    `This system's glibc is ${found}; ${name} needs 2.${needed} or newer.`,
    { fix: 'Use the embedded backend, or update the system.' },
  );
}

/** Refuses an installation that cannot finish: the folder must have space for downloads and libraries together. */
export async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new CharloomError(
    'storage',
    `The engine needs ${gigabytes(neededBytes)} GB in ${folder}, and ${gigabytes(free)} GB are free.`,
    { fix: 'Free some space, or set CHARLOOM_HOME to a folder on a larger disk.' },
  );
}
