import { hostname } from 'node:os';
import type { SessionHooks, SessionStart } from '../../node/session/session-types.ts';
import { taskPaths } from '../../node/sweeps/sweep-folder.ts';
import { appendEvaluation, readEvaluations, writeEvaluations } from '../../node/sweeps/task-evaluations.ts';
import { readTaskState, writeTaskState, type TaskState } from '../../node/sweeps/task-state.ts';
import { readMetricsOrProblem } from '../history.ts';
import type { EvaluationEvent, RunEvent } from '../../shared/domain/run-event.ts';
import { formatCount } from '../../shared/format/numbers.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { cardRemark, isCardRemark } from './card-remark.ts';
import { reasonToStop } from './reason-to-stop.ts';
import type { OpenSweep, TaskTurn } from './sweep-turn.ts';

/** Milliseconds between two records of a task's progress. */
const noteIntervalMs = 10_000;
/** Attempts that may end without a further iteration before a task is given up. */
const mostInVain = 3;
const mostRemarks = 20;

/** Why a task is to end before its run has. */
export type WhyStop =
  | { readonly kind: 'early'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'in-vain'; readonly reason: string };

export interface AttemptHost {
  /** Lets the run save and end; called at most once. The reason is a sentence, for its record. */
  readonly stop: (reason: string | null) => void;
  /** @throws CharloomError('run-busy') when another process has taken the task */
  readonly checkHeld: () => Promise<void>;
}

/**
 * What one process records of the task that it works on: its progress, its evaluations, and how it ends. At evaluations it decides whether the task
 * stops early. The task's folder belongs to it: the caller holds its lock.
 */
export class TaskAttempt implements SessionHooks {
  readonly #sweep: OpenSweep;
  readonly #turn: TaskTurn;
  readonly #paths: ReturnType<typeof taskPaths>;
  readonly #host: AttemptHost;
  readonly #writing = new SerialQueue();
  readonly #begun = performance.now();
  #state: TaskState;
  #why: WhyStop | undefined;
  #noted = -Infinity;

  private constructor(sweep: OpenSweep, turn: TaskTurn, state: TaskState, host: AttemptHost) {
    this.#sweep = sweep;
    this.#turn = turn;
    this.#paths = taskPaths(sweep.folder, turn.entry.index, sweep.tasks.length);
    this.#state = state;
    this.#host = host;
  }

  static async begin(sweep: OpenSweep, turn: TaskTurn, host: AttemptHost): Promise<TaskAttempt> {
    const paths = taskPaths(sweep.folder, turn.entry.index, sweep.tasks.length);
    const before = await readTaskState(paths.state);
    const attempt = new TaskAttempt(sweep, turn, nextState(before, turn), host);
    await attempt.#refreshEvaluations();
    await attempt.#write({});
    // The earlier attempts did not even start to train.
    if (before?.state === 'starting') attempt.#giveUpInVain();
    return attempt;
  }

  /** Why the task was asked to end; undefined where the sweep did not ask. */
  get why(): WhyStop | undefined {
    return this.#why;
  }

  /** Ends the task, for the first reason. */
  ask(why: WhyStop): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    this.#host.stop(reasonForRun(why));
  }

  onStart({ iteration, record }: SessionStart): void {
    const isFurther = iteration > this.#state.begunAt;
    this.#state = {
      ...this.#state,
      state: 'running',
      begunAt: iteration,
      iteration,
      iterations: record.iterations,
      inVain: isFurther ? 0 : this.#state.inVain,
    };
    this.#remarkVariant(record.backend.variant);
    this.#remarkCard(cardRemark(record.backend));
    this.#giveUpInVain();
    this.#note();
  }

  onEvent(event: RunEvent): void {
    if (event.kind === 'step' || event.kind === 'rollback') {
      this.#state = { ...this.#state, iteration: event.iteration };
    }
    if (event.kind === 'evaluation') void this.#evaluated(event).catch(() => undefined);
    else if (performance.now() - this.#noted > noteIntervalMs) this.#note();
  }

  /** Records how the attempt has ended; everything recorded before is on disk by then. */
  async end(state: TaskState['state'], reason: string | null = null, iteration?: number): Promise<void> {
    await this.#write({
      state,
      reason: reason?.slice(0, 4000) ?? null,
      pid: null,
      ...(iteration === undefined ? {} : { iteration }),
    });
  }

  async #evaluated(event: EvaluationEvent): Promise<void> {
    await this.#writing.run(() => appendEvaluation(this.#paths.evaluations, event));
    this.#note();
    const reason = await reasonToStop(this.#sweep, this.#turn, {
      iteration: event.iteration,
      iterations: this.#state.iterations,
    });
    if (reason !== null) this.ask({ kind: 'early', reason });
  }

  /** Nodes of a cluster may differ: a run that changes between them is no longer the same to the bit. */
  #remarkVariant(variant: string): void {
    const { variantBefore, engine } = this.#turn;
    const { remarks } = this.#state;
    if (variantBefore === null || variantBefore === variant || remarks.length >= mostRemarks) return;
    const remedy = engine === 'slurm' ? ' Slurm’s --constraint keeps a sweep on nodes of one kind.' : '';
    const remark = `Until iteration ${formatCount(this.#state.iteration)} ${variantBefore} did the arithmetic, from there on ${variant}: the last digits may differ.${remedy}`;
    this.#state = { ...this.#state, remarks: [...remarks, remark] };
  }

  /** Cards are scarce: a run that leaves one idle says so. */
  #remarkCard(remark: string | null): void {
    const others = this.#state.remarks.filter((one) => !isCardRemark(one));
    const remarks = remark === null || others.length >= mostRemarks ? others : [...others, remark];
    this.#state = { ...this.#state, remarks };
  }

  /** In a queue, each attempt was requested by the user. */
  #giveUpInVain(): void {
    if (this.#state.inVain < mostInVain || this.#turn.engine === 'queue') return;
    const reason = `${mostInVain} attempts ended without one iteration more. The log of the task says how: ${this.#paths.log}.`;
    this.ask({ kind: 'in-vain', reason });
  }

  /** What a killed attempt did not record is in its run's metrics. */
  async #refreshEvaluations(): Promise<void> {
    const { history } = await readMetricsOrProblem(this.#turn.runFolder);
    const noted = await readEvaluations(this.#paths.evaluations).catch(() => []);
    if (history.evaluations.length === 0 && noted.length === 0) return;
    await writeEvaluations(this.#paths.evaluations, history.evaluations);
  }

  /** What could not be recorded is recorded the next time. */
  #note(): void {
    void this.#write({}).catch(() => undefined);
  }

  async #write(change: Partial<TaskState>): Promise<void> {
    this.#noted = performance.now();
    this.#state = { ...this.#state, ...change };
    await this.#writing.run(async () => {
      await this.#host.checkHeld();
      const seconds = this.#turn.secondsBefore + (performance.now() - this.#begun) / 1000;
      await writeTaskState(this.#paths.state, {
        ...this.#state,
        // Whole seconds would lose the time of short runs.
        seconds: Number(seconds.toFixed(1)),
        updated: new Date().toISOString(),
      });
    });
  }
}

/** The run's own record has to say who stopped it. */
function reasonForRun(why: WhyStop): string | null {
  switch (why.kind) {
    case 'early':
      return `Its sweep stopped this run early. ${why.reason}`;
    case 'in-vain':
      return why.reason;
    case 'cancelled':
      return null;
  }
}

function nextState(before: TaskState | undefined, { submission }: TaskTurn): TaskState {
  const isSame = before !== undefined && before.submission === submission && before.attempts > 0;
  return {
    formatVersion: 1,
    state: 'starting',
    reason: null,
    remarks: before?.remarks ?? [],
    attempts: (before?.attempts ?? 0) + 1,
    inVain: isSame ? before.inVain + 1 : 0,
    submission,
    host: hostname().slice(0, 255),
    pid: process.pid,
    begunAt: before?.begunAt ?? 0,
    iteration: before?.iteration ?? 0,
    iterations: before?.iterations ?? null,
    seconds: before?.seconds ?? 0,
    updated: new Date().toISOString(),
  };
}
