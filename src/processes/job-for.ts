import { basename } from 'node:path';
import type { Job } from '../shared/compute/messages.ts';
import { knownRunSettings } from '../shared/domain/run-settings.ts';
import type { SampleSettings } from '../shared/domain/sample-settings.ts';
import type { QueuedRun } from './queue.ts';

/** What a run's job needs besides what waited in the queue. */
export interface JobSurroundings {
  /** Folder of the engine that was chosen; null for the embedded backend. */
  readonly engine: string | null;
  readonly samples: SampleSettings | null;
  readonly runsFolder: string;
}

/** The job of the process that trains a run whose turn has come. */
export function jobFor(
  queued: QueuedRun,
  { engine, samples, runsFolder }: JobSurroundings,
): Extract<Job, { kind: 'start' | 'resume' }> {
  const common = { engine, samples, threads: queued.threads };
  if (queued.kind === 'resume') {
    const { folder, textPath, changes } = queued;
    return { kind: 'resume', ...common, folder, textPath, changes: knownRunSettings(changes) };
  }
  const { textPath, encoding, settings, initFrom } = queued;
  return {
    kind: 'start',
    ...common,
    textPath,
    encoding,
    initFrom,
    runsFolder,
    settings: knownRunSettings(settings),
  };
}

/** A run that goes on keeps the name it has. */
export function idOf(queued: QueuedRun): string {
  return queued.kind === 'resume' ? basename(queued.folder) : queued.id;
}
