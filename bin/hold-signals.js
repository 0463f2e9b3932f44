// Loaded before anything else: a command takes a moment to load, and a signal that arrives meanwhile must not kill a run that could have been stopped
// properly. Signals are held until a command says how it handles them (src/cli/held-signals.ts).
const names = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {NodeJS.Signals[]} */
const held = [];
/** @param {NodeJS.Signals} signal */
const hold = (signal) => void held.push(signal);
for (const name of names) process.on(name, hold);

/** Stops holding signals, and returns those that have arrived. */
function release() {
  for (const name of names) process.off(name, hold);
  return held.splice(0);
}

Object.defineProperty(globalThis, Symbol.for('charloom.release-signals'), { value: release });

export {};
