import type { WindowGraphics } from '../shared/domain/backends.ts';

/**
 * A compute process as Electron's utilityProcess and Node's child_process both offer it. Whoever starts one decides what it is; runs and
 * workbench only know this.
 */
export interface ComputeProcess {
  readonly pid: number | undefined;
  /** Structured clones; posting to a process that is gone does nothing. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onStderr(listener: (text: string) => void): void;
  /** Heard once, whatever ended it. */
  onExit(listener: (exit: ProcessExit) => void): void;
  /** Ends it at once. */
  kill(): void;
}

export interface ProcessExit {
  readonly code: number | null;
  /** Name of the signal or Electron's reason ("crashed", "oom"), null when it ended by itself. */
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
