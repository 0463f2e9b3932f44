import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { environmentFor } from '../node/backend/providers.ts';
import type { StateEvent } from '../shared/domain/run-event.ts';
import { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import type { BackendReference } from '../shared/domain/backends.ts';
import type { Outcome, TaskOutcome } from './compute-task.ts';
import { comeBackMs, givingUpSentence, goingOnSentence, Losses, mayBeLost } from './losses.ts';
import type { ActiveRun, RunTurn, TrainingSchedulerOptions } from './scheduler-types.ts';
import type { QueuedRun } from './queue-file.ts';
import { jobFor, readTurn, resumptionOf, settleUnstarted, threadsOf } from './run-turn.ts';
import { Supervisor } from './supervisor.ts';

/** What belongs to the run that is active now. */
interface Work {
  readonly queued: QueuedRun;
  active: ActiveRun;
  /** Present once it is known what to train on. */
  supervisor: Supervisor | undefined;
  /** Once it has started the queue need not remember it. */
  hasStarted: boolean;
  isPauseWanted: boolean;
  readonly cancel: AbortController;
}

/** How long a run may take to pause or end before waiting stops, in milliseconds. */
const pauseTimeoutMs = 5000;

/** Trains one run at a time from the queue, and starts the next one automatically. */
export class TrainingScheduler {
  readonly #options: TrainingSchedulerOptions;
  #work: Work | undefined;
  #isClosed = false;
  /** Resolves when the active run has ended and its end was reported. */
  #ended: Promise<void> = Promise.resolve();

  constructor(options: TrainingSchedulerOptions) {
    this.#options = options;
  }

  get active(): ActiveRun | undefined {
    return this.#work?.active;
  }

  /** The queue without the run that is being started: that run stays in the file until it has started. */
  get waiting(): readonly QueuedRun[] {
    const begun = this.#work?.queued.id;
    return this.#options.queue.waiting.filter(({ id }) => id !== begun);
  }

  /** @throws CharloomError when runs cannot be put into the queue here, such as 'run-busy' */
  requireQueue(): void {
    this.#options.queue.requireUsable();
  }

  async enqueue(runs: readonly QueuedRun[]): Promise<void> {
    await this.#options.queue.add(runs);
    this.#options.events.onQueue();
    this.begin();
  }

  /** Adds waiting runs that the queue does not know. */
  async adopt(): Promise<void> {
    if (!(await this.#options.queue.adopt())) return;
    this.#options.events.onQueue();
    this.begin();
  }

  /** Removes a run from the queue. Returns whether it was waiting. */
  async unqueue(id: string): Promise<boolean> {
    if (!this.waiting.some((run) => run.id === id)) return false;
    const removed = await this.#options.queue.remove(id);
    if (removed) this.#options.events.onQueue();
    return removed;
  }

  /** Moves a waiting run to a place among those that wait. Returns whether it was waiting. */
  async reorder(id: string, place: number): Promise<boolean> {
    await this.#options.queue.dropGone();
    if (!this.waiting.some((run) => run.id === id)) return false;
    // The run that is being started may still be first in the file.
    const offset = this.#options.queue.waiting.length - this.waiting.length;
    await this.#options.queue.move(id, place + offset);
    this.#options.events.onQueue();
    return true;
  }

  /** Starts the next run if no run is training. */
  begin(): void {
    if (this.#work !== undefined || this.#isClosed) return;
    const [next] = this.waiting;
    if (next === undefined) return;
    const { id } = next;
    const work: Work = {
      queued: next,
      active: { id, folder: join(this.#options.runsFolder, id), state: 'starting', reason: null },
      supervisor: undefined,
      hasStarted: false,
      isPauseWanted: false,
      cancel: new AbortController(),
    };
    this.#work = work;
    this.#ended = this.#run(work).finally(() => this.begin());
  }

  pause(id: string): void {
    this.#pause(this.#require(id));
  }

  continue(id: string): void {
    const work = this.#require(id);
    work.isPauseWanted = false;
    work.supervisor?.continue();
  }

  checkpoint(id: string): void {
    this.#require(id).supervisor?.checkpoint();
  }

  /** Resolves when the run has ended; throws immediately if there is none to stop. */
  stop(id: string): Promise<void> {
    return this.#stop(this.#require(id), (supervisor) => supervisor.stop());
  }

  /** Stops without a measurement: the state is saved as a resume point. A stop that is still measuring is cut short. */
  suspend(id: string): Promise<void> {
    return this.#stop(this.#require(id), (supervisor) => supervisor.suspend());
  }

  /** Asks the active run to pause; resolves when it has, or has not within a few seconds. */
  async pauseAll(): Promise<void> {
    if (this.#work === undefined) return;
    this.#pause(this.#work);
    await this.#work.supervisor?.restsWithin(pauseTimeoutMs);
  }

  /** Stops the active run and starts no other. With `measure` the run ends with a checkpoint, otherwise with a resume point. */
  async close(measure: boolean): Promise<void> {
    this.#isClosed = true;
    const end = (supervisor: Supervisor): Promise<TaskOutcome> =>
      measure ? supervisor.stopInTime() : supervisor.suspend();
    if (this.#work !== undefined) await this.#stop(this.#work, end);
    await this.#ended;
    await this.#options.queue.close();
  }

  #pause(work: Work): void {
    work.isPauseWanted = true;
    work.supervisor?.pause();
  }

  async #stop(work: Work, end: (supervisor: Supervisor) => Promise<TaskOutcome>): Promise<void> {
    work.cancel.abort();
    if (work.supervisor === undefined) this.#emit(work, { state: 'stopping' });
    else await end(work.supervisor);
  }

  #require(id: string): Work {
    if (this.#work?.active.id === id) return this.#work;
    throw new CharloomError('not-found', 'This Charloom is not training the run.', {
      fix: 'If another Charloom is training it (a second window or the command line), pause or stop it there.',
    });
  }

  async #run(work: Work): Promise<void> {
    let outcome: Outcome;
    try {
      this.#emit(work, {});
      outcome = await this.#train(work);
    } catch (error) {
      outcome = { kind: 'failed', failure: failureOf(error) };
    }
    // Stopped before it started: not an error.
    if (outcome.kind === 'failed' && work.cancel.signal.aborted && outcome.failure.code === 'cancelled') {
      outcome = { kind: 'done', end: null };
    }
    // If the program is closed while a text is being read, the run is waiting again at the next start.
    if (!this.#isClosed || work.hasStarted) {
      await this.#settle(work, outcome);
      await this.#leaveQueue(work);
    }
    this.#work = undefined;
    this.#options.events.onEnded({ ...work.active, state: 'ended' }, outcome);
  }

  async #train(work: Work): Promise<Outcome> {
    const { signal } = work.cancel;
    const turn = await readTurn(work.queued, work.active.folder);
    const { backend } = await this.#options.chooseBackend(turn, signal);
    const losses = new Losses();
    for (
      let next = turn;
      !signal.aborted;
      next = await readTurn(resumptionOf(work.queued.id, next, backend), work.active.folder)
    ) {
      const outcome = await this.#supervise(work, next, backend);
      const why = this.#isClosed || !work.hasStarted || signal.aborted ? null : lossOf(outcome, backend);
      if (why === null) return outcome;
      if (!losses.goesOn()) return givenUp(outcome, backend, why);
      await this.#comeBack(work, outcome, why);
    }
    return { kind: 'done', end: null };
  }

  /** Waits until the lost device may be available again, or waiting is no longer wanted. */
  async #comeBack(work: Work, outcome: TaskOutcome, why: string): Promise<void> {
    work.supervisor = undefined;
    this.#options.events.onLost(work.active, outcome, goingOnSentence(why));
    this.#emit(work, { state: 'starting', reason: null });
    const milliseconds = this.#options.comeBackMs ?? comeBackMs;
    await wait(milliseconds, undefined, { signal: work.cancel.signal }).catch(() => undefined);
  }

  async #settle({ active, queued, hasStarted }: Work, outcome: Outcome): Promise<void> {
    if (hasStarted || queued.resume !== null) return;
    try {
      await settleUnstarted({ folder: active.folder, outcome, discard: this.#options.discard });
    } catch (error) {
      this.#options.events.onNotice(active.id, failureOf(error).message);
    }
  }

  async #leaveQueue({ queued }: Work): Promise<void> {
    try {
      await this.#options.queue.leave(queued.id);
    } catch (error) {
      this.#options.events.onNotice(queued.id, failureOf(error).message);
    }
  }

  #supervise(work: Work, turn: RunTurn, backend: BackendReference): Promise<TaskOutcome> {
    const { fork, events, samples } = this.#options;
    const supervisor = new Supervisor({
      fork,
      name: `charloom-training-${randomUUID().slice(0, 8)}`,
      environment: environmentFor(backend, threadsOf(turn)),
      job: jobFor(turn, { backend, samples: samples() }),
      onState: (state) => this.#emit(work, { state }),
      onStarted: () => {
        work.hasStarted = true;
        events.onStarted(work.active);
        void this.#leaveQueue(work);
      },
      onItem: (item) => {
        if (item.kind === 'state') this.#noteReason(work, item);
        events.onItem(work.active.id, item);
      },
      onNotice: (message) => events.onNotice(work.active.id, message),
    });
    work.supervisor = supervisor;
    if (work.isPauseWanted) supervisor.pause();
    return supervisor.ended;
  }

  #noteReason(work: Work, { state, reason }: StateEvent): void {
    const why = state === 'paused' ? (reason ?? null) : null;
    if (why !== work.active.reason) this.#emit(work, { reason: why });
  }

  #emit(work: Work, change: Partial<ActiveRun>): void {
    if (change.state === 'ended') return;
    work.active = { ...work.active, ...change };
    this.#options.events.onState(work.active);
  }
}

/** What a training run lost, in a sentence; null if it ended in another way. */
function lossOf(outcome: TaskOutcome, { kind }: BackendReference): string | null {
  if (!mayBeLost(kind)) return null;
  if (outcome.kind === 'crashed') return outcome.message;
  return outcome.kind === 'failed' && outcome.failure.code === 'backend-unavailable'
    ? outcome.failure.message
    : null;
}

function givenUp(outcome: TaskOutcome, { kind }: BackendReference, why: string): Outcome {
  const lastWords = outcome.kind === 'crashed' ? outcome.lastWords : [];
  return { kind: 'lost', message: givingUpSentence(kind, why), lastWords };
}
