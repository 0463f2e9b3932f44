import type { TrainingCommand } from '../../engine/training/training-hooks.ts';

/** Requests to a running session from outside; it handles them between two steps. */
export class RunController {
  readonly #reading = new AbortController();
  #command: TrainingCommand | undefined;
  #isPaused = false;
  /** Present while the run waits for something to happen. */
  #wake: PromiseWithResolvers<undefined> | undefined;
  /** Present while the run waits for room on the disk. */
  #hurry: PromiseWithResolvers<boolean> | undefined;
  #wishes = 0;
  #endReason: string | null = null;
  /** Present once the run trains; settled when it is ending and saved. */
  #safe: PromiseWithResolvers<undefined> | undefined;

  /** Ends the run cleanly: one last evaluation and checkpoint. Before training has started nothing is saved. */
  stop(): void {
    if (this.#command !== 'suspend') this.#command = 'stop';
    this.#reading.abort();
    this.continue();
  }

  /** Lets the run wait between two steps, with its state saved to disk, until it is told to continue or to end. */
  pause(): void {
    if (!this.isEnding) this.#isPaused = true;
  }

  /** The session has started to train: from here on there is something to save. */
  begin(): void {
    this.#safe = Promise.withResolvers<undefined>();
  }

  /** Everything learned so far is on disk. */
  saved(): void {
    if (this.isEnding) this.#safe?.resolve(undefined);
  }

  /** Resolves once the process can end without loss: when the run is saved, or before training has started. */
  async whenSafe(): Promise<void> {
    await this.#safe?.promise;
  }

  /** Ends a pause; a run that waits for disk space checks for it now. */
  continue(): void {
    this.#isPaused = false;
    this.#wakeUp();
  }

  /** Saves a checkpoint now and continues; a waiting run saves one and keeps waiting. */
  checkpoint(): void {
    this.#command ??= 'checkpoint';
    this.#wakeUp();
  }

  /**
   * Ends the run without measuring it: only a resume point is saved.
   * @param reason why, in a sentence, if no person requested it; stored in the run's record
   */
  suspend(reason: string | null = null): void {
    this.#endReason ??= reason;
    this.#command = 'suspend';
    this.#reading.abort();
    this.continue();
  }

  /** Why the run is to end, if no person requested it; in a sentence. */
  get endReason(): string | null {
    return this.#endReason;
  }

  /** Whether the run is to end without being measured. */
  get isSuspended(): boolean {
    return this.#command === 'suspend';
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Resolves once the run need not wait, or has something to do while it waits. */
  async whenWanted(): Promise<void> {
    if (!this.#isPaused || this.#command !== undefined) return;
    this.#wake = Promise.withResolvers<undefined>();
    await this.#wake.promise;
    this.#wake = undefined;
  }

  /** The number of requests so far. */
  get wishes(): number {
    return this.#wishes;
  }

  /** Resolves to true as soon as there are more than `wishes` requests, or to false after `milliseconds`. */
  async wantedWithin(milliseconds: number, wishes: number): Promise<boolean> {
    if (this.#wishes > wishes) return true;
    const hurry = Promise.withResolvers<boolean>();
    this.#hurry = hurry;
    const timer = setTimeout(() => hurry.resolve(false), milliseconds);
    const isWanted = await hurry.promise;
    clearTimeout(timer);
    this.#hurry = undefined;
    return isWanted;
  }

  #wakeUp(): void {
    this.#wake?.resolve(undefined);
    this.#wishes += 1;
    this.#hurry?.resolve(true);
  }

  /** Aborted when the result of reading the text is no longer needed. */
  get signal(): AbortSignal {
    return this.#reading.signal;
  }

  /** True when the session is to end, with or without a last checkpoint. */
  get isEnding(): boolean {
    return this.#reading.signal.aborted;
  }

  /** Whether `takeCommand` has something. */
  get hasCommand(): boolean {
    return this.#command !== undefined;
  }

  /** The next command, once. */
  takeCommand(): TrainingCommand | undefined {
    const command = this.#command;
    this.#command = undefined;
    return command;
  }
}
