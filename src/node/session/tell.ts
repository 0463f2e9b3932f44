import { join } from 'node:path';
import type { RunEvent } from '../../shared/domain/run-event.ts';
import { sentenceOf } from '../../shared/format/run-event-sentence.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { DiskRoom } from './disk-room.ts';
import type { SessionHooks } from './session-types.ts';

/** Where events of a run are reported. */
export interface Telling {
  readonly folder: RunFolder;
  readonly room: DiskRoom;
  readonly hooks: SessionHooks;
}

/** Writes an event into the run's log and reports it: listeners find it already written. */
export async function tell({ folder, room, hooks }: Telling, event: RunEvent): Promise<void> {
  logEvent(folder, event);
  await room.write(() => folder.flushLog());
  hooks.onEvent?.(event);
}

/** Adds an event to the run's log, to be written with the next report. */
export function logEvent(folder: RunFolder, event: RunEvent): void {
  folder.log(sentenceOf(event, { pathOf: (file) => join(folder.paths.checkpoints, file) }));
}
