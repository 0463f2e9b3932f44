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
  /** Unique; shown in process lists if the system can. */
  readonly name: string;
  /** Added to the parent's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** It will compute in a window of the host: one is created, and a port to it is handed over. Only for hosts that have such windows. */
  readonly graphics?: WindowGraphics | undefined;
  /** Limit for JavaScript objects in megabytes, if the host can set one (Node can, Electron cannot). */
  readonly heapMegabytes?: number;
}

/** Starts the compute entry (src/compute). */
export type ForkProcess = (options: ForkOptions) => ComputeProcess;
