import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Details, UtilityProcess } from 'electron';
import type { ComputeProcess, ProcessExit } from '../../processes/process.ts';

/** Milliseconds that a process has to be launched: one that the system refuses may never tell of its exit. */
export const defaultLaunchTimeoutMs = 30_000;

/** Milliseconds that last words and the reason of an end have to arrive after it. */
const lastWordsTimeoutMs = 500;

/** One of Electron's utility processes, from its fork to its last words. */
export class UtilityComputeProcess implements ComputeProcess {
  // Dropped as soon as it has ended: posting to a process in its exit has crashed Electron before.
  #child: UtilityProcess | undefined;
  readonly #stderr: NodeJS.ReadableStream | null;
  readonly #stderrListeners: ((text: string) => void)[] = [];
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #exitListeners: ((exit: ProcessExit) => void)[] = [];
  readonly #launch: NodeJS.Timeout;
  #isLaunched = false;
  #isUnwanted = false;
  /** Why the process is gone, which Electron tells apart from its exit, before or after it. */
  readonly #reason = Promise.withResolvers<string | null>();
  #exit: ProcessExit | undefined;

  /** @param launchTimeoutMs milliseconds that it has to be launched */
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

  /** Before it is launched a process has no number and cannot be ended: it is as soon as it has. */
  kill(): void {
    this.#isUnwanted = true;
    if (this.#child?.pid !== undefined) killNow(this.#child, this.#child.pid);
  }

  /** Electron tells why the process is gone. */
  gone(reason: Details['reason']): void {
    if (reason === 'launch-failed') this.#neverLaunched();
    // One that has ended by itself says why by its code.
    this.#reason.resolve(reason === 'clean-exit' || reason === 'abnormal-exit' ? null : reason);
  }

  /** The system did not launch it. Should it come after all, it ends at once. */
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
    // Right after the listeners of the exit Electron removes every listener of the stream, with the last words still in it: until
    // they are heard again it has to wait.
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

/** Resolves when a stream has told everything. */
async function drained(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream?.readable === true) await once(stream, 'end').catch(() => undefined);
}

/** What a promise comes to; undefined when it takes longer than anybody waits. */
async function within<T>(promise: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  const late = wait(lastWordsTimeoutMs, undefined, { signal: limit.signal }).catch(() => undefined);
  return Promise.race([promise, late]).finally(() => limit.abort());
}

/** A utility process that is asked to end (SIGTERM) would have to be between two steps to hear it. */
function killNow(child: UtilityProcess, pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    child.kill();
  }
}
