import { join } from 'node:path';
import type { RunEvent } from '../../shared/domain/run-event.ts';
import { sentenceOf } from '../../shared/format/run-event-sentence.ts';
import type { RunFolder } from '../files/run-folder.ts';
import type { SessionHooks } from './session-types.ts';

/** Writes an event into the run's log and tells it: whoever hears of it finds it written. */
export async function tell(folder: RunFolder, hooks: SessionHooks, event: RunEvent): Promise<void> {
  await folder.log(sentenceOf(event, { pathOf: (file) => join(folder.paths.checkpoints, file) }));
  hooks.onEvent?.(event);
}
