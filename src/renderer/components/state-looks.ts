import type { RunState } from '../../shared/domain/run-state.ts';

/** What a state of a run or a task is called, and how it looks. */
export interface StateLook {
  readonly word: string;
  readonly level: 'plain' | 'active' | 'good' | 'warning' | 'bad';
}

/** What a state is called in pages, and how it looks. */
export const stateLooks: Readonly<Record<RunState, StateLook>> = {
  waiting: { word: 'waiting', level: 'plain' },
  starting: { word: 'starting', level: 'active' },
  running: { word: 'training', level: 'active' },
  pausing: { word: 'pausing', level: 'active' },
  paused: { word: 'paused', level: 'plain' },
  stopping: { word: 'stopping', level: 'active' },
  interrupted: { word: 'interrupted', level: 'warning' },
  stopped: { word: 'stopped', level: 'plain' },
  finished: { word: 'finished', level: 'good' },
  exploded: { word: 'exploded', level: 'bad' },
  imported: { word: 'imported', level: 'plain' },
  failed: { word: 'failed', level: 'bad' },
  damaged: { word: 'damaged', level: 'bad' },
};
