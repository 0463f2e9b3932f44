import { setTimeout as wait } from 'node:timers/promises';
import { runPaths } from '../../host/files/run-folder.ts';
import { readSamples } from '../../host/files/sample-log.ts';
import { listCheckpoints } from '../../runs/checkpoints.ts';
import { HistoryBuilder } from '../../runs/history.ts';
import { MetricsFollower } from '../../runs/metrics-follower.ts';
import { withRemedy } from '../../runs/remedy.ts';
import { judgeRun } from '../../runs/verdict.ts';
import type { StreamSide } from '../../shared/ipc/contract.ts';
import type { Run, Sample, WatchItem } from '../../shared/ipc/schemas/run.ts';
import type { SampleRecord } from '../../host/files/sample-log.ts';
import { after, itemsOf, metricsOf } from './history-items.ts';
import { lastLogLines } from './run-files.ts';
import type { RunEvents } from './run-events.ts';
import type { RunLibrary } from './run-library.ts';

/** Milliseconds between two looks at the files of a run that another process trains. */
const followEvery = 1000;

/** One page that watches one run: the history from the run's files, joined without a gap to what its trainer tells. */
export class RunWatcher {
  readonly #library: RunLibrary;
  readonly #events: RunEvents;
  readonly #side: StreamSide<'runs.watch'>;
  #history = new HistoryBuilder();
  #lastIteration = 0;
  #lastState = '';
  #runId = '';

  constructor(library: RunLibrary, events: RunEvents, side: StreamSide<'runs.watch'>) {
    this.#library = library;
    this.#events = events;
    this.#side = side;
  }

  /** Tells the history, then what happens, until the page goes away. */
  async watch(id: string): Promise<void> {
    const { signal } = this.#side;
    const early: WatchItem[] = [];
    let hear = (item: WatchItem): void => void early.push(item);
    const { recent, stop } = this.#events.watch(id, (item) => hear(item));
    try {
      await this.#tellHistory(id);
      for (const item of [...recent, ...early]) this.#live(item);
      hear = (item) => this.#live(item);
      this.#side.push({ kind: 'live' });
      await this.#follow(id);
    } finally {
      stop();
    }
    signal.throwIfAborted();
  }

  async #tellHistory(id: string): Promise<void> {
    this.#side.push({ kind: 'begin' });
    const run = await this.#tellState(id);
    if (run.path === '') return;
    const paths = runPaths(run.path);
    await this.#tellMetrics(new MetricsFollower(paths.metrics));
    await this.#tellCheckpoints(run);
    for (const sample of await readSamples(paths.samples)) {
      this.#side.push({ kind: 'sample', sample: viewSample(sample) });
    }
    for (const line of await lastLogLines(run.path)) this.#side.push({ kind: 'log', line });
    this.#tellVerdict(run);
  }

  async #tellMetrics(follower: MetricsFollower): Promise<void> {
    for await (const metrics of follower.read()) {
      for (const metric of metrics) this.#history.add(metric);
      for (const item of itemsOf(metrics)) {
        this.#note(item);
        this.#side.push(item);
      }
      await this.#side.drained();
      if (this.#side.signal.aborted) return;
    }
  }

  async #tellCheckpoints(run: Run): Promise<void> {
    const { checkpoints } = await listCheckpoints(run.path);
    const inOrder = checkpoints.toSorted((a, b) => a.recoveries - b.recoveries || a.iteration - b.iteration);
    for (const { name: file, iteration, epoch, validationLoss } of inOrder) {
      const best = file === run.best?.file;
      this.#side.push({ kind: 'checkpoint', file, iteration, epoch, validationLoss, best });
    }
  }

  /** What the trainer tells now; what the files told already is left out. */
  #live(item: WatchItem): void {
    const rest = after(item, this.#lastIteration);
    if (rest === undefined) return;
    this.#note(rest);
    for (const metric of metricsOf(rest)) this.#history.add(metric);
    this.#side.push(rest);
    if (rest.kind === 'evaluation' || rest.kind === 'explosion') void this.#judge();
  }

  #note(item: WatchItem): void {
    if (item.kind === 'steps') this.#lastIteration = item.steps.iteration.at(-1) ?? this.#lastIteration;
    if (item.kind === 'rollback') this.#lastIteration = item.iteration;
  }

  async #judge(): Promise<void> {
    if (this.#runId !== '') this.#tellVerdict(await this.#library.get(this.#runId));
  }

  /** Tells the state when it is another; a run of another process is followed by its files. */
  async #follow(id: string): Promise<void> {
    const { signal } = this.#side;
    let follower: MetricsFollower | undefined;
    while (!signal.aborted) {
      const run = await this.#tellState(id).catch(() => undefined);
      if (run === undefined) return;
      if (run.state === 'running' && !this.#library.isTrainedHere(id)) {
        follower ??= new MetricsFollower(runPaths(run.path).metrics);
        await this.#catchUp(follower);
      }
      await wait(followEvery, undefined, { signal }).catch(() => undefined);
    }
  }

  async #catchUp(follower: MetricsFollower): Promise<void> {
    for await (const metrics of follower.read()) for (const item of itemsOf(metrics)) this.#live(item);
  }

  async #tellState(id: string): Promise<Run> {
    const run = await this.#library.get(id);
    this.#runId = run.id;
    const told = JSON.stringify(run);
    if (told !== this.#lastState) this.#side.push({ kind: 'state', run });
    this.#lastState = told;
    return run;
  }

  #tellVerdict(run: Run): void {
    const hasEnded = ['finished', 'stopped', 'exploded', 'failed', 'interrupted'].includes(run.state);
    const verdict = withRemedy(judgeRun(this.#history.history), run.settings, hasEnded);
    this.#side.push({ kind: 'verdict', verdict });
  }
}

/** A line of samples.jsonl as pages show it. */
export function viewSample(sample: SampleRecord): Sample {
  return {
    iteration: sample.i,
    epoch: sample.epoch,
    validationLoss: sample.val_loss,
    temperature: sample.temperature,
    seed: sample.seed,
    primeText: sample.prime_text,
    text: sample.text,
  };
}
