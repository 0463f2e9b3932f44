import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateEvent } from '../../shared/domain/run-event.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import { FullDiskError, type MissingRoom } from '../files/storage-error.ts';
import type { RunController } from './controller.ts';
import type { SessionHooks } from './session-types.ts';

/** Milliseconds between two checks for room: each time twice as long, up to the longest. */
const shortestPauseMs = 250;
const longestPauseMs = 10_000;
/** Not every file system reports its free space correctly: after this time, writing is tried regardless. */
const longestTrustMs = 60_000;

/** A run that has a folder, as far as its waiting is concerned. */
export interface WaitingRun {
  readonly folder: string;
  /** Iterations done. */
  readonly iteration: number;
  /** What it does when it does not wait for room. */
  readonly state: 'running' | 'paused';
  /** Records in the run's files that it waits, if there is room for that. */
  noteWaiting(event: StateEvent): Promise<void>;
  /**
   * Records that it no longer waits.
   * @throws FullDiskError
   */
  noteGoingOn(event: StateEvent): Promise<void>;
}

/** The disk is full and the run was asked to end: it ends with its last save. */
export class LeftUnsavedError extends Error {
  readonly room: MissingRoom;

  constructor({ message, room }: FullDiskError) {
    super(message);
    this.name = 'LeftUnsavedError';
    this.room = room;
  }
}

/** Lets a run wait while the disk is full. A failed write is retried when there is space, or on request; meanwhile the run is paused and shows the reason. */
export class DiskRoom {
  readonly #controller: RunController;
  readonly #hooks: Pick<SessionHooks, 'onEvent'>;
  #run: WaitingRun | undefined;

  constructor(controller: RunController, hooks: Pick<SessionHooks, 'onEvent'>) {
    this.#controller = controller;
    this.#hooks = hooks;
  }

  /** From now on the run can be resumed. */
  attach(run: WaitingRun): void {
    this.#run = run;
  }

  /**
   * Writes something as soon as there is space for it.
   * @param work must leave nothing behind when it fails with FullDiskError, because it is called again
   * @throws LeftUnsavedError if the disk is full and the run is to end, CharloomError('cancelled') if it has not started by then, and anything else
   * the work throws
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      return this.#wait(work, this.#fullDisk(error));
    }
  }

  async #wait<T>(work: () => Promise<T>, first: FullDiskError): Promise<T> {
    const { wishes } = this.#controller;
    await this.#run?.noteWaiting(this.#paused(first));
    const result = await this.#tryAgain(work, first, wishes);
    const goingOn = this.#stateEvent(this.#run?.state ?? 'running');
    const note = async (): Promise<void> => this.#run?.noteGoingOn(goingOn);
    try {
      await note();
    } catch (error) {
      await this.#tryAgain(note, this.#fullDisk(error), this.#controller.wishes);
    }
    this.#hooks.onEvent?.(goingOn);
    return result;
  }

  /** @param since the number of requests already handled */
  async #tryAgain<T>(work: () => Promise<T>, first: FullDiskError, since: number): Promise<T> {
    let full = first;
    let wishes = since;
    this.#hooks.onEvent?.(this.#paused(full));
    for (let pause = shortestPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
      const isAsked = await this.#look(full.room, pause, wishes);
      ({ wishes } = this.#controller);
      try {
        return await work();
      } catch (error) {
        full = this.#fullDisk(error);
      }
      // After “Continue”, the user learns that the disk is still full.
      if (isAsked) this.#hooks.onEvent?.(this.#paused(full));
    }
  }

  /** Waits until there may be space, or there is a request; then true. */
  async #look(room: MissingRoom, pause: number, wishes: number): Promise<boolean> {
    const limit = performance.now() + longestTrustMs;
    for (let wait = pause; ; wait = Math.min(2 * wait, longestPauseMs)) {
      if (await this.#controller.wantedWithin(wait, wishes)) return true;
      if (performance.now() >= limit || (await mayHold(room))) return false;
    }
  }

  /** Returns an error that can be waited out; throws any other, and the error that ends a run. */
  #fullDisk(error: unknown): FullDiskError {
    if (!(error instanceof FullDiskError)) throw error;
    if (!this.#controller.isEnding) return error;
    if (this.#run !== undefined) throw new LeftUnsavedError(error);
    throw new CharloomError('cancelled', `${fullDiskWords(error.room)}: stopped before training began.`, {
      cause: error,
    });
  }

  #paused({ room }: FullDiskError): StateEvent {
    return { ...this.#stateEvent('paused'), reason: waitReason(room, this.#run?.folder ?? room.path) };
  }

  #stateEvent(state: 'running' | 'paused'): StateEvent {
    return { kind: 'state', state, iteration: this.#run?.iteration ?? 0 };
  }
}

/** "The disk is full", at the start of a sentence. */
export function fullDiskWords({ code }: Pick<MissingRoom, 'code'>): string {
  return code === 'ENOSPC' ? 'The disk is full' : 'Your disk quota is used up';
}

/** Why a run waits and for what, in two sentences. */
export function waitReason(room: MissingRoom, folder: string): string {
  const { bytes } = room;
  const need = bytes === undefined ? 'room' : formatBytes(bytes);
  return `${fullDiskWords(room)}: the run waits until space is free. It needs ${need} in ${folder}.`;
}

/** Whether a file system may have this much room by now. It knows nothing about quotas. */
async function mayHold({ code, path, bytes }: MissingRoom): Promise<boolean> {
  if (code !== 'ENOSPC' || bytes === undefined) return true;
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize >= bytes;
  } catch {
    return true;
  }
}
