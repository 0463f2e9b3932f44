import {
  commandSchema,
  reportSchema,
  type Command,
  type Job,
  type Report,
} from '../shared/compute/messages.ts';
import type { CharloomError } from '../shared/errors.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import type { WindowGraphics } from '../shared/domain/backends.ts';
import type { Failure } from '../shared/domain/common.ts';
import type { ComputeProcess, ForkProcess, ProcessExit } from './process.ts';

/** How a job ended. */
export type TaskOutcome =
  | { readonly kind: 'done'; readonly end: Extract<Report, { kind: 'done' }>['end'] }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The process ended without a report; `lastWords` are its last lines on stderr. */
  | { readonly kind: 'crashed'; readonly message: string; readonly lastWords: readonly string[] };

/** How a run's turn ended: its process, or the last of several. */
export type Outcome =
  | TaskOutcome
  /** The device that it was computed on was lost again; the run is as it was at its last save. */
  | { readonly kind: 'lost'; readonly message: string; readonly lastWords: readonly string[] };

export interface ComputeTaskOptions {
  readonly fork: ForkProcess;
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly heapMegabytes?: number;
  readonly job: Job;
  readonly onReport: (report: Report) => void;
  /** Called with everything that the process writes to stderr. */
  readonly onStderr?: (text: string) => void;
}

/** Number of lines of stderr that are kept to explain a crash. */
const keptLines = 20;
/** V8's message about a flag that it was built without (src/node/wasm/revectorize.ts): never the cause of a crash. */
const idleWords = /^(Error: unrecognized flag --\S+|Try --help for options)$/;

/** The window that a job computes in. */
function graphicsOf(job: Job): WindowGraphics | undefined {
  if (!('backend' in job) || job.backend.kind !== 'webgpu' || job.backend.host !== 'window') return undefined;
  return job.backend;
}

/** One job in its own process, from its start to its end, however it ends. */
export class ComputeTask {
  /** Never rejects. */
  readonly ended: Promise<TaskOutcome>;
  readonly #process: ComputeProcess;
  #outcome: TaskOutcome | undefined;
  #killed = false;
  #stderr: string[] = [];

  constructor(options: ComputeTaskOptions) {
    const { fork, name, environment = {}, heapMegabytes, job, onReport, onStderr } = options;
    const heap = heapMegabytes === undefined ? {} : { heapMegabytes };
    this.#process = fork({ name, environment, graphics: graphicsOf(job), ...heap });
    const { promise, resolve } = Promise.withResolvers<TaskOutcome>();
    this.ended = promise;
    this.#process.onStderr((text) => {
      this.#keep(text);
      onStderr?.(text);
    });
    this.#process.onMessage((message) => {
      try {
        this.#receive(reportSchema.parse(message), job, onReport);
      } catch (error) {
        // A process that sent one malformed message is not trusted again; throwing here would end the parent.
        this.#outcome ??= { kind: 'failed', failure: failureOf(error) };
        this.#process.kill();
      }
    });
    this.#process.onExit((exit) => {
      const message = this.#describeExit(exit);
      resolve(this.#outcome ?? { kind: 'crashed', message, lastWords: this.#stderr });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  post(command: Command): void {
    this.#process.post(commandSchema.parse(command));
  }

  /** Like `ended`, but an abort ends the process and then rejects with the error from `cancelled`. */
  async endedUnless(signal: AbortSignal | undefined, cancelled: () => CharloomError): Promise<TaskOutcome> {
    const kill = (): void => this.kill();
    signal?.addEventListener('abort', kill, { once: true });
    if (signal?.aborted) kill();
    const outcome = await this.ended;
    signal?.removeEventListener('abort', kill);
    if (signal?.aborted) throw cancelled();
    return outcome;
  }

  /** Ends the process immediately; unsaved work is lost. */
  kill(): void {
    this.#killed = true;
    this.#process.kill();
  }

  #receive(report: Report, job: Job, onReport: (report: Report) => void): void {
    if (report.kind === 'ready') this.post({ kind: 'begin', job });
    else if (report.kind === 'done') this.#outcome ??= { kind: 'done', end: report.end };
    else if (report.kind === 'failed') this.#outcome ??= { kind: 'failed', failure: report.failure };
    else onReport(report);
  }

  #keep(text: string): void {
    const lines = text.split('\n').filter((line) => line.trim() !== '' && !idleWords.test(line.trim()));
    this.#stderr = [...this.#stderr, ...lines].slice(-keptLines);
  }

  #describeExit({ code, reason }: ProcessExit): string {
    if (this.#killed) return 'The process was ended because it did not respond.';
    const how = reason === null ? `code ${code ?? 'unknown'}` : reason;
    // The cause is at the beginning of a stack trace, and at the end of other messages.
    const why = this.#stderr.find((line) => /\berror\b|\w+Error\b/i.test(line)) ?? this.#stderr.at(-1);
    return `Its process ended unexpectedly (${how})${why === undefined ? '' : `: ${why.trim().slice(0, 300)}`}.`;
  }
}
