import type { Bridge, OpenStream, StreamItem, StreamParams } from '../../shared/ipc/contract.ts';
import { cancelledInstallation } from '../../shared/domain/engine-words.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { Messages } from './messages.svelte.ts';

export type EngineTask =
  | { readonly kind: 'install'; readonly wanted: StreamParams<'engines.install'> }
  | { readonly kind: 'test'; readonly engine: string };

/** Number of log lines that are kept. */
const maxLines = 500;

/**
 * Installs or tests one engine at a time. It belongs to no page, because an installation takes minutes and must not end when the user opens another
 * page.
 */
export class EngineWork {
  /** The current or last task. */
  task = $state.raw<EngineTask | null>(null);
  isRunning = $state(false);
  progress = $state.raw<{ readonly fraction: number | null; readonly doing: string } | null>(null);
  lines = $state.raw<readonly string[]>([]);
  summary = $state.raw<string | null>(null);
  problem = $state.raw<unknown>(null);
  /** Number of tasks that have ended: lists of engines are read again when it changes. */
  ended = $state(0);

  readonly #bridge: Bridge;
  readonly #messages: Messages;
  #stream: OpenStream<'engines.install'> | OpenStream<'engines.test'> | null = null;

  constructor(bridge: Bridge, messages: Messages) {
    this.#bridge = bridge;
    this.#messages = messages;
  }

  start(task: EngineTask): void {
    if (this.isRunning) return;
    this.task = task;
    this.isRunning = true;
    this.progress = { fraction: null, doing: 'Starting' };
    this.lines = [];
    this.summary = null;
    this.problem = null;
    const hear = (item: StreamItem<'engines.install'>): void => this.#receive(item);
    const stream =
      task.kind === 'install'
        ? this.#bridge.open('engines.install', task.wanted, hear)
        : this.#bridge.open('engines.test', { engine: task.engine }, hear);
    this.#stream = stream;
    stream.ended.then(
      () => this.#end(stream, null),
      (error: unknown) => this.#end(stream, error),
    );
  }

  cancel(): void {
    const stream = this.#stream;
    if (stream === null) return;
    // Its further messages and its end are no longer relevant.
    this.#stream = null;
    stream.close();
    void this.#tellCancelled();
  }

  async #tellCancelled(): Promise<void> {
    const isInstallation = this.task?.kind === 'install';
    const sentence = isInstallation ? cancelledInstallation(await this.#kept()) : 'Cancelled.';
    this.#finish(new CharloomError('cancelled', sentence));
  }

  /** Bytes that were downloaded and are kept. */
  async #kept(): Promise<number> {
    return this.#bridge.request('engines.downloads', null).then(
      ({ bytes }) => bytes,
      () => 0,
    );
  }

  #receive(item: StreamItem<'engines.install'>): void {
    switch (item.kind) {
      case 'progress':
        this.progress = item;
        break;
      case 'log':
        this.lines = [...this.lines, item.line].slice(-maxLines);
        break;
      case 'done':
        this.summary = item.summary;
        break;
    }
  }

  #end(stream: OpenStream<'engines.install'> | OpenStream<'engines.test'>, problem: unknown): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#finish(problem);
  }

  #finish(problem: unknown): void {
    this.isRunning = false;
    this.progress = null;
    this.problem = problem;
    this.ended += 1;
    if (this.task?.kind !== 'install') return;
    if (problem === null) this.#messages.add('good', this.summary ?? 'The engine is installed.');
    else this.#messages.error(problem);
  }
}
