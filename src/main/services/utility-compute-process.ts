import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Details, UtilityProcess } from 'electron';
import type { ComputeProcess, ProcessExit } from '../../processes/process.ts';

/** Milliseconds for a process to launch: if the system refuses to launch it, its exit may never be reported. */
export const defaultLaunchTimeoutMs = 30_000;

/** Milliseconds for the last messages and the reason to arrive after the exit. */
const lastWordsTimeoutMs = 500;

/** One of Electron's utility processes, from its fork to its last messages. */
export class UtilityComputeProcess implements ComputeProcess {
  // Cleared as soon as it has ended: posting to a process that is exiting has crashed Electron before.
  #child: UtilityProcess | undefined;
  readonly #stderr: NodeJS.ReadableStream | null;
  readonly #stderrListeners: ((text: string) => void)[] = [];
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #exitListeners: ((exit: ProcessExit) => void)[] = [];
  readonly #launch: NodeJS.Timeout;
  #isLaunched = false;
  #isUnwanted = false;
  /** Why the process ended, which Electron reports separately from its exit, before or after it. */
  readonly #reason = Promise.withResolvers<string | null>();
  #exit: ProcessExit | undefined;

  /** @param launchTimeoutMs milliseconds for the launch */
  constructor(child: UtilityProcess, launchTimeoutMs: number) {
    this.#child = child;
    this.#stderr = child.stderr;
    this.#stderr?.setEncoding('utf8');
    this.#hearStderr();
    this.#launch = setTimeout(() => this.#neverLaunched(), launchTimeoutMs);
    child.once('spawn', () => this.#launched(child));
    child.on('message', (message: unknown) => {
      for (const listener of this.#messageListeners) listener(message);
    });
    child.once('exit', (code) => this.#ended(code));
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  post(message: unknown): void {
    this.#child?.postMessage(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onStderr(listener: (text: string) => void): void {
    this.#stderrListeners.push(listener);
  }

  onExit(listener: (exit: ProcessExit) => void): void {
    if (this.#exit === undefined) this.#exitListeners.push(listener);
    else listener(this.#exit);
  }

  /** Before its launch a process has no id and cannot be ended: it is ended as soon as it has one. */
  kill(): void {
    this.#isUnwanted = true;
    if (this.#child?.pid !== undefined) killNow(this.#child, this.#child.pid);
  }

  /** Called when Electron reports why the process ended. */
  gone(reason: Details['reason']): void {
    if (reason === 'launch-failed') this.#neverLaunched();
    // A process that exited by itself gives the reason in its exit code.
    this.#reason.resolve(reason === 'clean-exit' || reason === 'abnormal-exit' ? null : reason);
  }

  /** Called if the system did not launch it. If it starts after all, it is ended immediately. */
  #neverLaunched(): void {
    if (this.#isLaunched || this.#child === undefined) return;
    clearTimeout(this.#launch);
    this.#isUnwanted = true;
    this.#child = undefined;
    this.#emit({ code: null, reason: 'launch-failed' });
  }

  #launched(child: UtilityProcess): void {
    this.#isLaunched = true;
    clearTimeout(this.#launch);
    if (this.#isUnwanted && child.pid !== undefined) killNow(child, child.pid);
  }

  #ended(code: number): void {
    clearTimeout(this.#launch);
    if (this.#child === undefined) return;
    this.#child = undefined;
    if (code === 0) this.#reason.resolve(null);
    // Right after the exit listeners, Electron removes every listener of the stream, which still contains the last messages: the stream is paused
    // until new listeners are attached.
    this.#stderr?.pause();
    queueMicrotask(() => {
      this.#hearStderr();
      this.#stderr?.resume();
      const settled = Promise.all([within(this.#reason.promise), within(drained(this.#stderr))]);
      void settled.then(([reason = null]) => this.#emit({ code, reason }));
    });
  }

  #hearStderr(): void {
    this.#stderr
      ?.on('error', () => undefined)
      .on('data', (text: unknown) => {
        for (const listener of this.#stderrListeners) listener(String(text));
      });
  }

  #emit(exit: ProcessExit): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    for (const listener of this.#exitListeners) listener(exit);
  }
}

/** Resolves when a stream has delivered everything. */
async function drained(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream?.readable === true) await once(stream, 'end').catch(() => undefined);
}

/** The result of a promise; undefined after a time limit. */
async function within<T>(promise: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  const late = wait(lastWordsTimeoutMs, undefined, { signal: limit.signal }).catch(() => undefined);
  return Promise.race([promise, late]).finally(() => limit.abort());
}

/** Kills immediately: a utility process would handle SIGTERM only between two steps. */
function killNow(child: UtilityProcess, pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    child.kill();
  }
}
