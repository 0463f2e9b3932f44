import { runPaths } from '../../node/files/run-folder.ts';
import { readSamples } from '../../node/files/sample-log.ts';
import { listCheckpoints } from '../../runs/checkpoints.ts';
import { HistoryBuilder } from '../../runs/history.ts';
import { MetricsFollower } from '../../runs/metrics-follower.ts';
import { courseOf } from '../../runs/course.ts';
import { withRemedy } from '../../runs/remedy.ts';
import { judgeRun } from '../../runs/verdict.ts';
import { isBusy } from '../../shared/domain/run-state.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { StreamContext } from '../../shared/ipc/contract.ts';
import type { Run, TrainingItem, WatchItem } from '../../shared/domain/run.ts';
import { itemsOf, metricsOf } from './history-items.ts';
import { LogFollower } from './log-follower.ts';
import type { RunEvents } from './run-subscriber.ts';
import type { RunLibrary } from './run-library.ts';
import { ItemDeduplicator } from './item-deduplicator.ts';

/** Milliseconds between two checks of the files of a run that another process trains. */
const followIntervalMs = 1000;

/** Serves a page that watches a run: the history from the run's files, joined without a gap to the reports of its process. */
export class RunStream {
  readonly #library: RunLibrary;
  readonly #events: RunEvents;
  readonly #side: StreamContext<'runs.watch'>;
  #told = new ItemDeduplicator();
  #history = new HistoryBuilder();
  #follower: MetricsFollower | undefined;
  #log: LogFollower | undefined;
  /** Reports of its process while the history is sent; undefined once that is done. */
  #early: TrainingItem[] | undefined = [];
  /** The page does not have the run's history, or no longer has the current one. */
  #isStale = true;
  #lastState = '';
  #last: Run | undefined;
  /** Something has happened since the last check. */
  #isWoken = false;
  #endRest: () => void = () => undefined;

  constructor(library: RunLibrary, events: RunEvents, side: StreamContext<'runs.watch'>) {
    this.#library = library;
    this.#events = events;
    this.#side = side;
  }

  /** Sends the history, then live events, until the page closes or the run is removed. */
  async watch(id: string): Promise<void> {
    const { signal } = this.#side;
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    const stop = this.#events.watch(id, {
      onItem: (item) => (this.#early === undefined ? this.#live(item) : this.#early.push(item)),
      onState: wake,
      onBegin: () => {
        this.#isStale = true;
        wake();
      },
    });
    try {
      while (!signal.aborted) {
        this.#isWoken = false;
        if (this.#isStale) await this.#tellAnew(id);
        else if (!(await this.#look(id))) return;
        await this.#rest();
      }
    } finally {
      stop();
      signal.removeEventListener('abort', wake);
    }
  }

  async #tellAnew(id: string): Promise<void> {
    this.#isStale = false;
    this.#early = [...this.#events.recent(id)];
    this.#told = new ItemDeduplicator();
    this.#history = new HistoryBuilder();
    this.#log = undefined;
    this.#lastState = '';
    this.#side.push({ kind: 'begin' });
    await this.#tellHistory(await this.#tellState(id));
    const early = this.#early;
    this.#early = undefined;
    for (const item of early) this.#live(item);
    this.#side.push({ kind: 'live' });
  }

  async #tellHistory(run: Run): Promise<void> {
    this.#follower = new MetricsFollower(runPaths(run.path).metrics);
    await this.#tellMetrics(this.#follower);
    await this.#tellKept(run);
    this.#log = new LogFollower(run.path);
    await this.#tellLog();
    this.#tellVerdict(run);
  }

  /** Lines added to the run's log, by its process or by the process that noticed its end. */
  async #tellLog(): Promise<void> {
    for (const line of (await this.#log?.read()) ?? []) this.#side.push({ kind: 'log', line });
  }

  async #tellMetrics(follower: MetricsFollower): Promise<void> {
    for await (const metrics of follower.read()) {
      for (const item of itemsOf(metrics)) this.#emit(item);
      await this.#side.drained();
      if (this.#side.signal.aborted) return;
    }
  }

  /** Checkpoints and samples that are on disk. */
  async #tellKept({ path, best: bestOf }: Run): Promise<void> {
    const { checkpoints } = await listCheckpoints(path);
    const inOrder = checkpoints.toSorted((a, b) => a.recoveries - b.recoveries || a.iteration - b.iteration);
    for (const { name: file, iteration, epoch, validationLoss } of inOrder) {
      this.#emit({
        kind: 'checkpoint',
        file,
        iteration,
        epoch,
        validationLoss,
        best: file === bestOf?.file,
      });
    }
    for (const sample of await readSamples(runPaths(path).samples)) {
      this.#emit({ kind: 'sample', sample });
    }
  }

  #live(item: TrainingItem): void {
    // Reports about these are already in the log.
    if (item.kind === 'checkpoint' || item.kind === 'rollback' || item.kind === 'state') this.#wake();
    if (item.kind === 'state') return;
    const isNews = this.#emit(item);
    if (!isNews || this.#last === undefined) return;
    if (item.kind === 'evaluation' || item.kind === 'explosion') this.#tellVerdict(this.#last);
  }

  /** Sends the new part of an item; returns whether there was any. */
  #emit(item: WatchItem): boolean {
    const news = this.#told.filterNew(item);
    if (news === undefined) return false;
    for (const metric of metricsOf(news)) this.#history.add(metric);
    this.#side.relay(news);
    return true;
  }

  /** Sends the state if it has changed; a run of another process is followed through its files. False if the run no longer exists. */
  async #look(id: string): Promise<boolean> {
    const before = this.#last;
    const run = await this.#tellState(id).catch((error: unknown) => {
      if (error instanceof CharloomError && error.code === 'not-found') return undefined;
      throw error;
    });
    if (run === undefined) return false;
    await this.#tellLog();
    if (run.state !== before?.state) this.#tellVerdict(run);
    const isAtWork = run.state === 'running' || run.state === 'paused';
    if (!isAtWork || this.#library.isTrainedHere(id)) return true;
    if (before === undefined || isBusy(before.state)) await this.#follow(run, before);
    else {
      // Another process has resumed it.
      this.#isStale = true;
      this.#wake();
    }
    return true;
  }

  async #follow(run: Run, before: Run | undefined): Promise<void> {
    if (this.#follower !== undefined) await this.#tellMetrics(this.#follower);
    if (run.checkpoints === before?.checkpoints) return;
    await this.#tellKept(run);
    this.#tellVerdict(run);
  }

  #wake(): void {
    this.#isWoken = true;
    this.#endRest();
  }

  /** Waits until there may be something to send. */
  async #rest(): Promise<void> {
    if (this.#isWoken || this.#side.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#endRest = () => resolve(undefined);
    const timer = setTimeout(this.#endRest, followIntervalMs);
    await promise;
    clearTimeout(timer);
  }

  async #tellState(id: string): Promise<Run> {
    const run = await this.#library.get(id);
    this.#last = run;
    const told = JSON.stringify(run);
    if (told !== this.#lastState) this.#side.push({ kind: 'state', run });
    this.#lastState = told;
    return run;
  }

  #tellVerdict(run: Run): void {
    const verdict = withRemedy(judgeRun(this.#history.history, courseOf(run)), run.settings, run.state);
    this.#side.push({ kind: 'verdict', verdict });
  }
}
