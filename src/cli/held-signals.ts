import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where bin/hold-signals.js puts the function that releases them. */
const place = Symbol.for('charloom.release-signals');

/**
 * Signals that arrived before a command was loaded, in order. From now on listeners receive them, and without listeners the system ends the process.
 */
export function releaseSignals(): readonly NodeJS.Signals[] {
  const release: unknown = Reflect.get(globalThis, place);
  // Without the launcher (in tests, in the compute entry) no signals are held.
  return typeof release === 'function' ? (release as () => readonly NodeJS.Signals[])() : [];
}

/** Gives early signals their usual effect: they end the process. */
export async function raiseHeldSignals(): Promise<void> {
  // Waits for a signal that is about to arrive; later nothing would handle it.
  await nextTurn();
  for (const signal of releaseSignals()) process.kill(process.pid, signal);
}
