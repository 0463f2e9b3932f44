const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Signals as Electron handles them by default: the first quits and restores the signal's default, which ends the program immediately. A listener of
 * the program, set when it is ready, replaces both.
 */
export function takeSignals(quit: () => void): void {
  for (const signal of signals) process.once(signal, quit);
  process.on('newListener', (name, listener) => {
    if (signals.some((signal) => signal === name) && listener !== quit) process.off(String(name), quit);
  });
}
