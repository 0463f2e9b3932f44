import type { ComputeProcess, ForkProcess } from '../processes/process.ts';

/** Keeps track of the running compute processes, so that none outlives the workbench. */
export class OpenProcesses {
  readonly #open = new Set<ComputeProcess>();
  readonly #fork: ForkProcess;

  constructor(fork: ForkProcess) {
    this.#fork = fork;
  }

  readonly fork: ForkProcess = (options) => {
    const process = this.#fork(options);
    this.#open.add(process);
    process.onExit(() => this.#open.delete(process));
    return process;
  };

  /** Ends the remaining processes, which serve pages that have disconnected. */
  end(): void {
    for (const process of this.#open) process.kill();
  }
}
