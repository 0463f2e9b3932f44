import { isActive } from '../../shared/domain/run-state.ts';
import { shownNames } from '../../shared/format/shown-names.ts';
import type { Bridge, ConnectionState, RequestParams, StreamItem } from '../../shared/ipc/contract.ts';
import { defaultAppSettings, type AppInfo, type AppSettings } from '../../shared/domain/app.ts';
import type { Run } from '../../shared/domain/run.ts';
import type { Text } from '../../shared/domain/text.ts';
import type { RunEnd } from '../../shared/domain/run-end.ts';
import type { Router } from './router.svelte.ts';
import type { RunNews } from './run-news.svelte.ts';
import type { Messages } from './messages.svelte.ts';

/** Milliseconds that changes of settings wait for further changes. */
const refreshIntervalMs = 150;

/** Shared state of all pages: runs, texts, settings, the host. Kept up to date by one open stream. */
export class Library {
  /** Newest first. */
  runs = $state.raw<readonly Run[]>([]);
  texts = $state.raw<readonly Text[]>([]);
  settings = $state.raw<AppSettings>(defaultAppSettings);
  info = $state.raw<AppInfo | null>(null);
  connection = $state.raw<ConnectionState>('connected');
  /** False until all runs have arrived once. Before that, `runs` has the newest of them. */
  ready = $state(false);
  /** Number of runs that have not arrived yet; 0 once `ready`. */
  remaining = $state(0);

  /** Runs that a process works on now. */
  readonly active = $derived(this.runs.filter(({ state }) => isActive(state)));
  readonly waiting = $derived(this.runs.filter((run) => run.state === 'waiting'));

  readonly #nameOf = $derived(shownNames(this.runs));

  readonly #bridge: Bridge;
  readonly #messages: Messages;
  readonly #router: Router;
  readonly #news: Pick<RunNews, 'tell'>;
  #coming: readonly Run[] = [];
  #unsent: RequestParams<'settings.change'> = {};
  #sending: Promise<void> | undefined;

  constructor(bridge: Bridge, messages: Messages, router: Router, news: Pick<RunNews, 'tell'>) {
    this.#bridge = bridge;
    this.#messages = messages;
    this.#router = router;
    this.#news = news;
  }

  start(): void {
    this.#bridge.onConnection((state) => {
      const wasRefused = this.connection === 'refused';
      this.connection = state;
      if (wasRefused && state === 'connected' && this.info === null) this.#readHost();
    });
    this.#readHost();
    const watch = this.#bridge.open('workbench.watch', null, (item) => {
      switch (item.kind) {
        case 'runs':
          this.#hearRuns(item);
          break;
        case 'run':
          this.runs = sorted([item.run, ...this.runs.filter(({ id }) => id !== item.run.id)]);
          // It trains again: why it ended no longer matters.
          if (isActive(item.run.state)) this.#messages.resolve(runTopic(item.run.id));
          break;
        case 'removed':
          this.runs = this.runs.filter(({ id }) => id !== item.run);
          break;
        case 'settings':
          this.#hearSettings(item.settings);
          break;
        case 'opened':
          this.#open(item);
          break;
        case 'ended':
          this.#tellEnd(item.end);
          break;
        case 'notice':
          this.#messages.add(item.level, item.message);
          break;
      }
    });
    watch.ended.catch((error: unknown) => this.#messages.error(error));
  }

  #readHost(): void {
    void this.#messages.attempt(async () => {
      this.info = await this.#bridge.request('app.info', null);
      await this.refreshTexts();
    });
  }

  async refreshTexts(): Promise<void> {
    this.texts = await this.#bridge.request('texts.list', null);
  }

  /** Changes settings: immediately on the page; rapid changes (a slider) are sent together. */
  async change(changes: RequestParams<'settings.change'>): Promise<void> {
    this.settings = { ...this.settings, ...changes } as AppSettings;
    this.#unsent = { ...this.#unsent, ...changes };
    this.#sending ??= this.#send();
    await this.#sending;
  }

  async #send(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, refreshIntervalMs));
    const changes = this.#unsent;
    this.#unsent = {};
    this.#sending = undefined;
    const settings =
      (await this.#messages.attempt(() => this.#bridge.request('settings.change', changes), 'settings')) ??
      // A setting that could not be saved must not look saved.
      (await this.#bridge.request('settings.get', null).catch(() => undefined));
    if (settings !== undefined) this.#hearSettings(settings);
  }

  /** Takes the host's settings, overlaid with changes made here that it does not have yet. */
  #hearSettings(settings: AppSettings): void {
    this.settings = { ...settings, ...this.#unsent } as AppSettings;
  }

  /** The name by which lists, titles and charts show a run: runs with the same name are told apart. */
  nameOf = (run: Pick<Run, 'id' | 'name'>): string => this.#nameOf(run);

  run(id: string): Run | undefined {
    return this.runs.find((run) => run.id === id);
  }

  /** Portions are shown as they arrive; after a lost connection the page keeps what it has until all of them have arrived. */
  #hearRuns({ place, runs, remaining }: Extract<StreamItem<'workbench.watch'>, { kind: 'runs' }>): void {
    this.#coming = place === 0 ? runs : [...this.#coming, ...runs];
    if (this.ready && remaining > 0) return;
    this.runs = sorted(this.#coming);
    this.remaining = remaining;
    if (remaining === 0) this.ready = true;
  }

  #open({ text, model, run }: Extract<StreamItem<'workbench.watch'>, { kind: 'opened' }>): void {
    if (text !== null) {
      void this.#messages.attempt(() => this.refreshTexts());
      this.#router.go({ view: 'data', text });
    } else if (model !== null) this.#router.go({ view: 'write-imported', file: model });
    else if (run !== null) this.#router.go({ view: 'run', run });
  }

  #tellEnd(end: RunEnd): void {
    const { run } = end;
    const open = (): void => this.#router.go({ view: 'run', run });
    const { route } = this.#router;
    const isShown = route.view === 'run' && route.run === run;
    const action = isShown ? null : { label: 'Show the run', deed: { kind: 'show-run', run } as const };
    // The run's own page says it in its own words: the message goes to the list only.
    this.#messages.add(end.level, end.message, { action, topic: runTopic(run), isShown: !isShown });
    // The desktop application shows its own notifications.
    const mayShow = this.info?.host === 'browser' && this.settings.tellWhenDone;
    this.#news.tell(end, mayShow ? open : null);
  }
}

/** The topic of messages about a run. */
function runTopic(run: string): string {
  return `run ${run}`;
}

function sorted(runs: readonly Run[]): readonly Run[] {
  return runs.toSorted((a, b) => b.created.localeCompare(a.created) || a.id.localeCompare(b.id));
}
