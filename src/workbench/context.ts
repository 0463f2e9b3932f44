import type { TrainingScheduler } from '../processes/training-scheduler.ts';
import type { WorkbenchOptions } from './workbench-types.ts';
import type { BatteryPause } from './runs/battery-pause.ts';
import type { RunChanges } from './runs/run-changes.ts';
import type { RunEvents } from './runs/run-subscriber.ts';
import type { RunLibrary } from './runs/run-library.ts';
import type { TrainingProgress } from './runs/training-progress.ts';
import type { RunEnd } from '../shared/domain/run-end.ts';
import type { Trash } from './storage/trash.ts';
import type { ImportedFiles } from './texts/imported-files.ts';
import type { Readings } from './texts/readings.ts';
import type { TextLibrary } from './texts/text-library.ts';
import type { Exports } from './models/exports.ts';
import type { ModelLibrary } from './models/model-library.ts';
import type { Listeners } from '../shared/listeners.ts';
import type { Notices } from './notices.ts';
import type { NotesStore } from './runs/notes-store.ts';

/** What the handlers share. Made once, in workbench.ts. */
export interface WorkbenchContext {
  readonly options: WorkbenchOptions;
  readonly texts: TextLibrary;
  readonly readings: Readings;
  readonly imported: ImportedFiles;
  /** Passwords of documents, by the hash of the file; never written anywhere. */
  readonly passwords: Map<string, string>;
  readonly models: ModelLibrary;
  readonly exports: Exports;
  readonly trash: Trash;
  readonly library: RunLibrary;
  readonly events: RunEvents;
  readonly changes: RunChanges;
  readonly notices: Notices;
  readonly notes: NotesStore;
  readonly progress: TrainingProgress;
  /** Receives the runs that ended without a request. */
  readonly ends: Listeners<RunEnd>;
  readonly scheduler: TrainingScheduler;
  readonly battery: BatteryPause;
}
