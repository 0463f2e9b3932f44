import { backendWords, type BackendKind } from '../shared/domain/backends.ts';

/** A run whose backend is lost again within this time after it resumed does not resume automatically again, in milliseconds. */
export const stretchMs = 10 * 60_000;

/** Milliseconds that a driver gets to recover before a run resumes, for example after a reset or sleep. */
export const comeBackMs = 3000;

/** Backends on a device that can be lost while the computer keeps running: reset, asleep, removed, or lost with the process that holds it. */
const onDevices: readonly BackendKind[] = ['webgpu'];

/** Whether a run on this backend resumes automatically when the backend is lost. */
export function mayBeLost(kind: BackendKind): boolean {
  return onDevices.includes(kind);
}

/**
 * Counts losses of a run's device and decides whether to resume automatically: only once in a while, because a device that is lost repeatedly is
 * broken.
 */
export class Losses {
  readonly #now: () => number;
  #wentOn = -Infinity;

  /**
   * @param hasGoneOn whether the run has already resumed after a loss
   * @param now milliseconds on a clock that stops while the computer sleeps
   */
  constructor(hasGoneOn = false, now: () => number = () => performance.now()) {
    this.#now = now;
    if (hasGoneOn) this.#wentOn = now();
  }

  /** Counts a loss; true if the run should resume automatically. */
  goesOn(): boolean {
    if (this.#now() - this.#wentOn < stretchMs) return false;
    this.#wentOn = this.#now();
    return true;
  }
}

/** The remark for a run that resumed automatically. */
export function goingOnSentence(reason: string): string {
  return `${sentence(reason)} Training continues from the last save.`;
}

/** The remark for a run that did not, because resuming has little chance. */
export function givingUpSentence(kind: BackendKind, reason: string): string {
  return `${capital(backendWords[kind].name)} was lost a second time within ten minutes: ${sentence(reason)}`;
}

function sentence(words: string): string {
  return /[.!?]$/.test(words.trim()) ? words.trim() : `${words.trim()}.`;
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
