import type { WindowGraphics } from '../shared/domain/backends.ts';

/**
 * A compute process, as both Electron's utilityProcess and Node's child_process offer it. The code that starts one chooses the kind; runs and
 * workbench know only this.
 */
export interface ComputeProcess {
  readonly pid: number | undefined;
  /** Structured clones; posting to an ended process does nothing. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onStderr(listener: (text: string) => void): void;
  /** Called once, however the process ended. */
  onExit(listener: (exit: ProcessExit) => void): void;
  /** Ends it immediately. */
  kill(): void;
}

export interface ProcessExit {
  readonly code: number | null;
  /** Name of the signal or Electron's reason ("crashed", "oom"); null after a normal exit. */
  readonly reason: string | null;
}

export interface ForkOptions {
  /** Unique; shows in process lists where the system can. */
  readonly name: string;
  /** Added to the parent's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** It will compute in a window of the host's: one is made, and a port to it handed over. Only a host that has such windows can be asked for one. */
  readonly graphics?: WindowGraphics | undefined;
  /** Most megabytes of JavaScript objects, where the host can limit them (Node can, Electron cannot). */
  readonly heapMegabytes?: number;
}

/** Starts the compute entry (src/compute). */
export type ForkProcess = (options: ForkOptions) => ComputeProcess;
