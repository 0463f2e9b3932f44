import { backendWords, type BackendKind } from '../shared/domain/backends.ts';

/** A run that is lost again within this time of going on does not go on by itself once more, in milliseconds. */
export const stretchMs = 10 * 60_000;

/** Milliseconds that a driver has to come back before a run goes on: after a reset or a sleep it takes a moment. */
export const comeBackMs = 3000;

/** Backends on a device that may be lost while the computer itself goes on: reset, put to sleep, taken out, or gone with the process that holds it. */
const onDevices: readonly BackendKind[] = ['webgpu'];

/** Whether a run on this backend goes on by itself when the backend is lost. */
export function mayBeLost(kind: BackendKind): boolean {
  return onDevices.includes(kind);
}

/** How often what a run is computed on was lost, and whether it is worth going on by itself: once in a while, since a device that is lost again and again is broken. */
export class Losses {
  readonly #now: () => number;
  #wentOn = -Infinity;

  /**
   * @param hasGoneOn whether the run goes on already after a loss
   * @param now milliseconds on a clock that stands still while the computer sleeps
   */
  constructor(hasGoneOn = false, now: () => number = () => performance.now()) {
    this.#now = now;
    if (hasGoneOn) this.#wentOn = now();
  }

  /** Counts a loss; true when the run is to go on by itself. */
  goesOn(): boolean {
    if (this.#now() - this.#wentOn < stretchMs) return false;
    this.#wentOn = this.#now();
    return true;
  }
}

/** What has happened when a run went on by itself. */
export function goingOnSentence(reason: string): string {
  return `${sentence(reason)} Training continues from the last save.`;
}

/** The same when it did not, for want of hope. */
export function givingUpSentence(kind: BackendKind, reason: string): string {
  return `${capital(backendWords[kind].name)} was lost a second time within ten minutes: ${sentence(reason)}`;
}

function sentence(words: string): string {
  return /[.!?]$/.test(words.trim()) ? words.trim() : `${words.trim()}.`;
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
