import type { Bridge, OpenStream } from '../../shared/ipc/contract.ts';
import type { ListedCheckpoint, ExplosionEvent } from '../../shared/domain/run-event.ts';
import type { Run, Sample, Verdict, WatchItem } from '../../shared/domain/run.ts';
import { RunSeries } from '../charts/run-series.ts';

type Item<K extends WatchItem['kind']> = Extract<WatchItem, { kind: K }>;
export type Busy = Omit<Item<'busy'>, 'kind'>;

/** Milliseconds between two publications: a page need not follow every step. */
const publishIntervalMs = 100;
const maxLogLines = 500;
/** Number of last steps from which the pace of a run is calculated. */
const recentSteps = 100;

export interface WatchClock {
  now(): number;
  /** Runs `work` a little later; returns a function that cancels it. */
  soon(work: () => void): () => void;
}

const pageClock: WatchClock = {
  now: () => performance.now(),
  soon: (work) => {
    const timer = setTimeout(work, publishIntervalMs);
    return () => clearTimeout(timer);
  },
};

/** A run while it is watched: first its history, then live events. Items are collected and shown at most ten times a second. */
export class RunMonitor {
  run = $state.raw<Run | null>(null);
  verdict = $state.raw<Verdict | null>(null);
  busy = $state.raw<Busy | null>(null);
  samples = $state.raw<readonly Sample[]>([]);
  /** In the order they were saved. */
  checkpoints = $state.raw<readonly ListedCheckpoint[]>([]);
  explosion = $state.raw<ExplosionEvent | null>(null);
  log = $state.raw<readonly string[]>([]);
  /** Changes whenever the series has changed. */
  revision = $state(0);
  /** False while the history is being received. */
  isLive = $state(false);
  problem = $state.raw<unknown>(null);
  /** How long the last evaluation took; null until one was seen from beginning to end. */
  evaluationMilliseconds = $state<number | null>(null);

  readonly series = new RunSeries();
  readonly #clock: WatchClock;
  readonly #stream: OpenStream<'runs.watch'>;
  #samples: readonly Sample[] = [];
  #checkpoints: readonly ListedCheckpoint[] = [];
  #log: readonly string[] = [];
  #callOff: (() => void) | null = null;
  #evaluatingSince: number | null = null;

  constructor(bridge: Bridge, run: string, clock: WatchClock = pageClock) {
    this.#clock = clock;
    this.#stream = bridge.open('runs.watch', { run }, (item) => this.#receive(item));
    this.#stream.ended.catch((error: unknown) => {
      this.problem = error;
    });
  }

  /** Iterations done, as far as reported. */
  get iteration(): number {
    void this.revision;
    return Math.max(this.run?.iteration ?? 0, this.series.iteration.at(-1) ?? 0);
  }

  get epoch(): number {
    void this.revision;
    return this.series.epoch.at(-1) ?? 0;
  }

  /** Milliseconds of the last steps. */
  get recent(): Float64Array {
    void this.revision;
    return this.series.milliseconds.slice(-recentSteps);
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#stream.close();
  }

  #receive(item: WatchItem): void {
    switch (item.kind) {
      case 'begin':
        return this.#begin();
      case 'state':
        this.run = item.run;
        if (item.run.state !== 'running' && item.run.state !== 'starting') this.busy = null;
        return;
      case 'verdict':
        this.verdict = item.verdict;
        return;
      case 'busy':
        return this.#hearBusy(item);
      case 'live':
        this.#publish();
        this.isLive = true;
        return;
      case 'steps':
        this.series.append(item.steps);
        this.busy = null;
        break;
      default:
        this.#hearEvent(item);
    }
    this.#changed();
  }

  #hearEvent(item: Item<'evaluation' | 'checkpoint' | 'sample' | 'explosion' | 'rollback' | 'log'>): void {
    switch (item.kind) {
      case 'evaluation':
        this.series.evaluate(item.iteration, item.epoch, item);
        this.#endEvaluation();
        break;
      case 'checkpoint':
        this.#checkpoints = [...this.#checkpoints.filter(({ file }) => file !== item.file), item];
        break;
      case 'sample':
        this.#samples = insert(this.#samples, item.sample);
        break;
      case 'explosion':
        this.explosion = item;
        break;
      case 'rollback':
        this.#rollBack(item.iteration);
        break;
      case 'log':
        this.#log = [...this.#log, item.line].slice(-maxLogLines);
        break;
    }
  }

  #begin(): void {
    this.series.clear();
    this.#samples = [];
    this.#checkpoints = [];
    this.#log = [];
    this.explosion = null;
    this.busy = null;
    this.isLive = false;
  }

  #rollBack(iteration: number): void {
    this.series.rollback(iteration);
    this.#samples = this.#samples.filter((sample) => sample.iteration <= iteration);
  }

  #changed(): void {
    this.#callOff ??= this.#clock.soon(() => this.#publish());
  }

  #hearBusy(item: Item<'busy'>): void {
    if (item.doing === 'evaluating') this.#evaluatingSince ??= this.#clock.now();
    this.busy = item.fraction >= 1 ? null : item;
  }

  #endEvaluation(): void {
    this.busy = null;
    if (this.isLive && this.#evaluatingSince !== null) {
      this.evaluationMilliseconds = this.#clock.now() - this.#evaluatingSince;
    }
    this.#evaluatingSince = null;
  }

  #publish(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.samples = this.#samples;
    this.checkpoints = this.#checkpoints;
    this.log = this.#log;
    this.revision += 1;
  }
}

/** In order of iterations; a repeated iteration counts once. */
function insert(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const others = samples.filter(({ iteration }) => iteration !== sample.iteration);
  return [...others, sample].toSorted((a, b) => a.iteration - b.iteration);
}
