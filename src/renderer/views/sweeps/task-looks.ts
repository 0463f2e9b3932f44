import type { SweepTaskState } from '../../../shared/domain/sweep.ts';
import type { StateLook } from '../../components/state-looks.ts';

/** What the state of a task is called, and how it looks; in the order in which their counts are listed. */
export const taskLooks: Readonly<Record<SweepTaskState, StateLook>> = {
  running: { word: 'training', level: 'active' },
  restarting: { word: 'starting again', level: 'active' },
  waiting: { word: 'waiting', level: 'plain' },
  planned: { word: 'planned', level: 'plain' },
  finished: { word: 'finished', level: 'good' },
  'stopped-early': { word: 'stopped early', level: 'plain' },
  stopped: { word: 'stopped', level: 'plain' },
  cancelled: { word: 'cancelled', level: 'plain' },
  exploded: { word: 'exploded', level: 'bad' },
  failed: { word: 'failed', level: 'bad' },
  lost: { word: 'lost', level: 'warning' },
};

/** What can be retried, with the verb for it. Explosions are left out: the same settings explode again. */
export const retries: readonly {
  readonly state: SweepTaskState;
  readonly verb: string;
  /** The option of `charloom sweep retry` for it; null if there is none. */
  readonly option: string | null;
}[] = [
  { state: 'planned', verb: 'Start', option: null },
  { state: 'failed', verb: 'Retry', option: '--failed' },
  { state: 'lost', verb: 'Retry', option: '--lost' },
  { state: 'stopped', verb: 'Resume', option: '--stopped' },
  { state: 'cancelled', verb: 'Resume', option: null },
  { state: 'stopped-early', verb: 'Resume', option: '--stopped' },
];
