import type { TrainingScheduler } from '../../processes/training-scheduler.ts';
import type { RunProgress } from '../../shared/domain/run-progress.ts';
import type { Notices } from '../notices.ts';
import type { SettingsStore } from '../workbench-types.ts';
import type { TrainingProgress } from './training-progress.ts';

interface Parts {
  readonly scheduler: Pick<TrainingScheduler, 'pause' | 'continue'>;
  readonly progress: Pick<TrainingProgress, 'current' | 'watch'>;
  readonly settings: Pick<SettingsStore, 'get' | 'onChange'>;
  readonly notices: Pick<Notices, 'emit'>;
}

/**
 * Pauses a run on battery, if the settings say so, and continues it when the computer is plugged in. A run is paused once per period on battery: if the
 * user continues it, it is not paused again, and a run paused by the user stays paused.
 */
export class BatteryPause {
  readonly #parts: Parts;
  #isOnBattery = false;
  /** Runs that have been paused in this period on battery. */
  readonly #settled = new Set<string>();
  /** The run that waits for mains power. */
  #waiting: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.progress.watch(() => this.#refresh());
    parts.settings.onChange(() => this.#refresh());
  }

  /** Called by the host at its start and whenever the power supply changes. */
  set(isOnBattery: boolean): void {
    if (isOnBattery === this.#isOnBattery) return;
    this.#isOnBattery = isOnBattery;
    if (isOnBattery) this.#refresh();
    else this.#plugged();
  }

  /** The user has paused or continued a run: that applies from now on, whatever the power supply. */
  release(run: string): void {
    if (this.#waiting === run) this.#waiting = null;
  }

  #refresh(): void {
    const { current } = this.#parts.progress;
    if (!this.#isOnBattery || !this.#parts.settings.get().pauseOnBattery) return;
    if (current?.state !== 'running' || this.#settled.has(current.run)) return;
    this.#settled.add(current.run);
    this.#waiting = current.run;
    this.#parts.scheduler.pause(current.run);
    this.#emit(
      current,
      'is paused because the computer is on battery. It resumes automatically when the computer is plugged in.',
    );
  }

  #plugged(): void {
    const { current } = this.#parts.progress;
    const waiting = this.#waiting;
    this.#settled.clear();
    this.#waiting = null;
    if (waiting === null || current?.run !== waiting) return;
    this.#parts.scheduler.continue(current.run);
    this.#emit(current, 'has resumed: the computer is plugged in again.');
  }

  #emit({ run, name }: RunProgress, what: string): void {
    this.#parts.notices.emit({ kind: 'notice', level: 'good', message: `“${name}” ${what}`, run });
  }
}
