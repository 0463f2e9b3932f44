import type { Job } from '../shared/compute/messages.ts';
import type { TrainingItem } from '../shared/domain/run.ts';
import { ComputeTask, type TaskOutcome } from './compute-task.ts';
import type { ForkProcess } from './process.ts';
import { nextState, type TrainingEvent, type TrainingState } from './training-state.ts';

export interface SupervisorOptions {
  readonly fork: ForkProcess;
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly job: Extract<Job, { kind: 'start' | 'resume' }>;
  readonly onState: (state: TrainingState) => void;
  /** The run's files exist, and it trains. */
  readonly onStarted: () => void;
  readonly onItem: (item: TrainingItem) => void;
  readonly onNotice: (message: string) => void;
  readonly timeouts?: Timeouts;
}

/** Milliseconds that the process may take. */
export interface Timeouts {
  /**
   * Time to measure and save after a stop request, before only a resume point is requested. A long text takes many minutes to measure: if someone may
   * be waiting, this is how long the process may stay silent.
   */
  readonly stop: number;
  /** To keep a resume point; then it is ended. */
  readonly suspend: number;
}

const defaultTimeouts: Timeouts = { stop: 60_000, suspend: 15_000 };

/** Supervises the process that trains one run: sends requests, waits, and ends it only if it does not respond. */
export class Supervisor {
  readonly #task: ComputeTask;
  readonly #onState: (state: TrainingState) => void;
  readonly #timeouts: Timeouts;
  #state: TrainingState = 'starting';
  #waiters: (() => void)[] = [];
  /** When its process last sent a message. */
  #heard = performance.now();

  constructor(options: SupervisorOptions) {
    const { fork, name, environment, job, onItem, onNotice } = options;
    this.#onState = options.onState;
    this.#timeouts = options.timeouts ?? defaultTimeouts;
    this.#task = new ComputeTask({
      fork,
      name,
      environment,
      job,
      onReport: (report) => {
        this.#heard = performance.now();
        if (report.kind === 'started') {
          options.onStarted();
          this.#handle('started');
        } else if (report.kind === 'training') {
          this.#noteState(report.item);
          onItem(report.item);
        } else if (report.kind === 'notice') onNotice(report.message);
      },
    });
    void this.#task.ended.then(() => this.#handle('exited'));
  }

  get state(): TrainingState {
    return this.#state;
  }

  get ended(): Promise<TaskOutcome> {
    return this.#task.ended;
  }

  get pid(): number | undefined {
    return this.#task.pid;
  }

  /** Asks the run to wait between two steps, or before the first one. */
  pause(): void {
    // A run that waits for disk space is to stay paused when there is some.
    if (this.#state !== 'running' && this.#state !== 'starting' && this.#state !== 'paused') return;
    this.#task.post({ kind: 'pause' });
    this.#handle('pause-asked');
  }

  continue(): void {
    if (this.#state !== 'paused' && this.#state !== 'pausing') return;
    this.#task.post({ kind: 'continue' });
    this.#handle('continue-asked');
  }

  checkpoint(): void {
    this.#task.post({ kind: 'checkpoint' });
  }

  /** Requests a last measurement and checkpoint, and waits as long as progress is reported; resolves when the process has ended. */
  async stop(): Promise<TaskOutcome> {
    this.#askToStop();
    for (
      let left = this.#timeouts.stop;
      left > 0;
      left = this.#timeouts.stop - (performance.now() - this.#heard)
    ) {
      if (await within(left, this.ended)) return this.ended;
    }
    return this.suspend();
  }

  /** The same when no one may be waiting: what cannot be measured in time is saved unmeasured. */
  async stopInTime(): Promise<TaskOutcome> {
    this.#askToStop();
    if (await within(this.#timeouts.stop, this.ended)) return this.ended;
    return this.suspend();
  }

  /** Asks to keep a resume point only; a process that does not even answer that is ended. */
  async suspend(): Promise<TaskOutcome> {
    this.#task.post({ kind: 'suspend' });
    this.#handle('stop-asked');
    if (!(await within(this.#timeouts.suspend, this.ended))) this.#task.kill();
    return this.ended;
  }

  /** Whether the run has paused or ended within this many milliseconds. */
  async restsWithin(milliseconds: number): Promise<boolean> {
    return within(milliseconds, this.#rests());
  }

  #askToStop(): void {
    this.#task.post({ kind: 'stop' });
    this.#handle('stop-asked');
  }

  async #rests(): Promise<void> {
    while (this.#state !== 'paused' && this.#state !== 'ended') {
      await new Promise<void>((wake) => this.#waiters.push(wake));
    }
  }

  #noteState(item: TrainingItem): void {
    if (item.kind !== 'state') return;
    if (item.state === 'paused') this.#handle('paused');
    else if (item.state === 'running') this.#handle('proceeded');
  }

  #handle(event: TrainingEvent): void {
    const next = nextState(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#onState(next);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

/** Whether something happens in time. */
async function within(milliseconds: number, event: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  void event.then(() => resolve(true));
  const happened = await promise;
  clearTimeout(timer);
  return happened;
}
