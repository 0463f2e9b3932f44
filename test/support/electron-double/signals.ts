const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Signals as Electron takes them when nobody else does: the first quits, and gives the signal its default back, which ends the program at
 * once. A listener of the program's own, set when it is ready, takes the place of both.
 */
export function takeSignals(quit: () => void): void {
  for (const signal of signals) process.once(signal, quit);
  process.on('newListener', (name, listener) => {
    if (signals.some((signal) => signal === name) && listener !== quit) process.off(String(name), quit);
  });
}
