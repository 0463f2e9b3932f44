import { statfs } from 'node:fs/promises';
import { CharloomError } from '../../../shared/errors.ts';
import { wheelRelease, type EngineKind, type WheelRelease } from '../installation/releases.ts';

/** The release for this machine, or a sentence why there is none. */
export function releaseForThisMachine(kind: EngineKind): WheelRelease {
  const release = wheelRelease(process, kind);
  if (release !== undefined) {
    checkSystemLibrary(systemLibrary());
    return release;
  }
  const machine = `${process.platform} on ${process.arch}`;
  if (kind === 'gpu' && wheelRelease(process, 'cpu') !== undefined) {
    throw new CharloomError('backend-unavailable', `TensorFlow has no GPU engine for ${machine}.`, {
      fix: { kind: 'install-processor-engine' },
    });
  }
  throw new CharloomError('backend-unavailable', `TensorFlow's wheels have no library for ${machine}.`, {
    fix: { kind: 'install-official-engine', otherwise: 'The embedded backend works here without it.' },
  });
}

/** The wheels are built for glibc 2.17 and newer; a system with another C library (Alpine) cannot load them. */
export function checkSystemLibrary(found: string | undefined): void {
  if (process.platform !== 'linux') return;
  if (found === undefined) {
    throw new CharloomError(
      'backend-unavailable',
      'This system has no glibc (Alpine Linux, for instance), which TensorFlow needs.',
      {
        fix: 'Stay with the embedded backend here, or use a Debian or Fedora based system.',
      },
    );
  }
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= 17)) return;
  throw new CharloomError(
    'backend-unavailable',
    `This system's glibc is ${found}; TensorFlow needs 2.17 or newer.`,
    {
      fix: 'Stay with the embedded backend here, or update the system.',
    },
  );
}

function systemLibrary(): string | undefined {
  const report: unknown = process.report.getReport();
  const header =
    report !== null && typeof report === 'object' && 'header' in report ? report.header : undefined;
  if (header === null || typeof header !== 'object' || !('glibcVersionRuntime' in header)) return undefined;
  return typeof header.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : undefined;
}

/** Refuses to begin what cannot end: the folder must have room for downloads and libraries together. */
export async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new CharloomError(
    'storage',
    `The engine needs ${gigabytes(neededBytes)} GB in ${folder}, and ${gigabytes(free)} GB are free.`,
    { fix: 'Make room, or set CHARLOOM_HOME to a folder on a larger disk.' },
  );
}
