import { basename } from 'node:path';
import type { Job } from '../shared/compute/messages.ts';
import type { BackendReference } from '../shared/domain/backends.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { QueuedRun } from './queue.ts';

/** What a run's job needs besides what waited in the queue. */
export interface JobSurroundings {
  /** What was chosen. */
  readonly backend: BackendReference;
  readonly samples: SampleSettings | null;
  readonly runsFolder: string;
}

/** The job of the process that trains a run whose turn has come. */
export function jobFor(
  queued: QueuedRun,
  { backend, samples, runsFolder }: JobSurroundings,
): Extract<Job, { kind: 'start' | 'resume' }> {
  const common = { backend, samples, threads: queued.threads };
  if (queued.kind === 'resume') {
    const { folder, textPath, changes } = queued;
    return { kind: 'resume', ...common, folder, textPath, changes };
  }
  const { textPath, encoding, settings, initFrom } = queued;
  return { kind: 'start', ...common, textPath, encoding, settings, initFrom, runsFolder };
}

/** A run that goes on keeps the name it has. */
export function idOf(queued: QueuedRun): string {
  return queued.kind === 'resume' ? basename(queued.folder) : queued.id;
}
