import { basename } from 'node:path';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { failureOf } from '../../shared/ipc/failures.ts';
import type { Job } from '../../shared/compute/messages.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { Outcome } from '../processes/compute-task.ts';
import type { ForkProcess } from '../processes/process.ts';
import { environmentFor, type ChosenEngine } from './choose-engine.ts';
import type { QueuedRun, RunQueue } from './queue.ts';
import { Supervisor } from './supervisor.ts';
import type { TrainerState } from './trainer-state.ts';

/** The one run that trains. */
export interface ActiveRun {
  readonly queued: QueuedRun;
  /** What pages call it: its folder's name, or its place in the queue until it has one. */
  readonly id: string;
  readonly folder: string | null;
  readonly state: TrainerState;
}

export interface TrainingDeskOptions {
  readonly queue: RunQueue;
  readonly fork: ForkProcess;
  readonly runsFolder: string;
  readonly samples: () => SampleSettings | null;
  readonly chooseEngine: (run: QueuedRun, settings: RunSettings) => Promise<ChosenEngine>;
  readonly settingsOf: (run: QueuedRun) => Promise<RunSettings>;
  readonly events: TrainingEvents;
}

/** What the desk tells. Ids are those that pages know at that moment. */
export interface TrainingEvents {
  onQueue(): void;
  /** A new state; the run's id may have changed with it from `was`. */
  onState(active: ActiveRun, was: string): void;
  /** An item of `runs.watch`, unchecked. */
  onItem(id: string, item: unknown): void;
  onNotice(id: string, message: string): void;
  onEnded(active: ActiveRun, outcome: Outcome): void;
}

/** Trains one run at a time from the queue: begins the next by itself when one has ended. */
export class TrainingDesk {
  readonly #options: TrainingDeskOptions;
  #active: ActiveRun | undefined;
  #supervisor: Supervisor | undefined;
  #isClosed = false;
  /** Resolves when the run that is active now has ended and been told about. */
  #ended: Promise<void> = Promise.resolve();

  constructor(options: TrainingDeskOptions) {
    this.#options = options;
  }

  get active(): ActiveRun | undefined {
    return this.#active;
  }

  get waiting(): readonly QueuedRun[] {
    return this.#options.queue.waiting;
  }

  async enqueue(runs: readonly QueuedRun[]): Promise<void> {
    await this.#options.queue.add(runs);
    this.#options.events.onQueue();
    this.begin();
  }

  /** Whether it was waiting. */
  async unqueue(id: string): Promise<boolean> {
    const removed = await this.#options.queue.remove(id);
    if (removed) this.#options.events.onQueue();
    return removed;
  }

  async reorder(id: string, place: number): Promise<boolean> {
    const moved = await this.#options.queue.move(id, place);
    if (moved) this.#options.events.onQueue();
    return moved;
  }

  /** Begins the next run if nothing trains. */
  begin(): void {
    if (this.#active !== undefined || this.#isClosed || this.waiting.length === 0) return;
    const [next] = this.waiting;
    if (next === undefined) return;
    this.#active = {
      queued: next,
      id: idOf(next),
      folder: next.kind === 'resume' ? next.folder : null,
      state: 'starting',
    };
    this.#ended = this.#run(next).finally(() => this.begin());
  }

  pause(id: string): void {
    this.#require(id).pause();
  }

  continue(id: string): void {
    this.#require(id).continue();
  }

  checkpoint(id: string): void {
    this.#require(id).checkpoint();
  }

  async stop(id: string): Promise<void> {
    await this.#require(id).stop();
  }

  pauseAll(): void {
    this.#supervisor?.pause();
  }

  /** Stops what trains and begins nothing more. With `measure` the run ends with a checkpoint, without with a resume point. */
  async close(measure: boolean): Promise<void> {
    this.#isClosed = true;
    await (measure ? this.#supervisor?.stop() : this.#supervisor?.leave());
    await this.#ended;
  }

  #require(id: string): Supervisor {
    if (this.#active?.id === id && this.#supervisor !== undefined) return this.#supervisor;
    throw new CharloomError('not-found', 'This run is not being trained here.');
  }

  async #run(next: QueuedRun): Promise<void> {
    const { events, queue } = this.#options;
    let outcome: Outcome;
    try {
      await queue.remove(next.id);
      this.#tell({});
      const settings = await this.#options.settingsOf(next);
      const chosen = await this.#options.chooseEngine(next, settings);
      outcome = this.#isClosed ? { kind: 'done', end: null } : await this.#supervise(next, chosen);
    } catch (error) {
      outcome = { kind: 'failed', failure: failureOf(error) };
    }
    const active = this.#active;
    this.#active = undefined;
    this.#supervisor = undefined;
    if (active !== undefined) events.onEnded({ ...active, state: 'ended' }, outcome);
  }

  #supervise(next: QueuedRun, { engine }: ChosenEngine): Promise<Outcome> {
    const { fork, events } = this.#options;
    this.#supervisor = new Supervisor({
      fork,
      name: `charloom-trainer-${next.id}`,
      environment: environmentFor(engine, next.threads),
      job: this.#jobFor(next, engine?.folder ?? null),
      onState: (state) => this.#tell({ state }),
      onStarted: (folder) => this.#tell({ folder, id: basename(folder) }),
      onItem: (item) => this.#active !== undefined && events.onItem(this.#active.id, item),
      onNotice: (message) => this.#active !== undefined && events.onNotice(this.#active.id, message),
    });
    return this.#supervisor.ended;
  }

  #jobFor(next: QueuedRun, engine: string | null): Extract<Job, { kind: 'start' | 'resume' }> {
    const common = { engine, threads: next.threads, samples: this.#options.samples() };
    if (next.kind === 'resume') {
      const { folder, textPath, changes } = next;
      return { kind: 'resume', ...common, folder, textPath, changes };
    }
    const { textPath, encoding, settings, initFrom } = next;
    return {
      kind: 'start',
      ...common,
      ...{ textPath, encoding, settings, initFrom },
      runsFolder: this.#options.runsFolder,
    };
  }

  #tell(change: Partial<ActiveRun>): void {
    if (this.#active === undefined || change.state === 'ended') return;
    const was = this.#active.id;
    this.#active = { ...this.#active, ...change };
    this.#options.events.onState(this.#active, was);
  }
}

/** A run that goes on keeps the name it has. */
export function idOf(queued: QueuedRun): string {
  return queued.kind === 'resume' ? basename(queued.folder) : queued.id;
}
