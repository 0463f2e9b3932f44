import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where bin/hold-signals.js leaves the function that lets go of them. */
const place = Symbol.for('charloom.release-signals');

/** Signals that came before a command was loaded, in their order; from now on whoever listens hears them, and the system ends the process where nobody does. */
export function releaseSignals(): readonly NodeJS.Signals[] {
  const release: unknown = Reflect.get(globalThis, place);
  // Without the launcher (in tests, in the compute entry) nothing holds any.
  return typeof release === 'function' ? (release as () => readonly NodeJS.Signals[])() : [];
}

/** Lets the signals that came early do what they usually do: end the process. */
export async function raiseHeldSignals(): Promise<void> {
  // One that is on its way to us is heard first: nobody would hear it afterwards.
  await nextTurn();
  for (const signal of releaseSignals()) process.kill(process.pid, signal);
}
