import { CharloomError } from '../../../shared/errors.ts';
import { checkSystemLibrary, systemLibrary } from '../../engines/machine.ts';
import { wheelRelease, type EngineKind, type WheelRelease } from '../installation/releases.ts';

/** The wheels are built for glibc 2.17 and newer. */
export const wheelLibrary = { name: 'TensorFlow', needed: 17 } as const;

/** The release for this machine; throws CharloomError('backend-unavailable') if there is none. */
export function releaseForThisMachine(kind: EngineKind): WheelRelease {
  const release = wheelRelease(process, kind);
  if (release !== undefined) {
    checkSystemLibrary(systemLibrary(), wheelLibrary);
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
