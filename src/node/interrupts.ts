/**
 * Ctrl-C and related signals. One key press may arrive several times: the terminal signals every process of the group, and `npx` and the launcher
 * (bin/launch.js) forward their signals. So signals close together count as one request.
 */
const samePress = 300;

/** Distinguishes the first request from its echoes and from a second, impatient one. */
export class Requests {
  #last = -Infinity;
  #count = 0;

  /** `time` in milliseconds on a steady clock. */
  add(time: number): 'first' | 'echo' | 'again' {
    if (time - this.#last < samePress) return 'echo';
    // The time of the press, not of its echoes: repeated presses count.
    this.#last = time;
    this.#count += 1;
    return this.#count === 1 ? 'first' : 'again';
  }
}

export interface InterruptHandlers {
  /** The first Ctrl-C, `kill`, or a closed terminal: end cleanly. */
  onStop(): void;
  /** The second: exit as soon as everything is saved. */
  onLeave(): void;
  /** SIGUSR2: save a checkpoint now. (Node keeps SIGUSR1 for its debugger; Windows has neither.) */
  onCheckpoint(): void;
}

/** Listens until the returned function is called. */
export function listenForInterrupts(handlers: InterruptHandlers): () => void {
  const requests = new Requests();
  const stop = (): void => {
    const request = requests.add(performance.now());
    if (request === 'first') handlers.onStop();
    else if (request === 'again') handlers.onLeave();
  };
  const checkpoint = (): void => handlers.onCheckpoint();
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => [name, stop] as const);
  const all = process.platform === 'win32' ? signals : [...signals, ['SIGUSR2', checkpoint] as const];
  for (const [name, listener] of all) process.on(name, listener);
  return () => {
    for (const [name, listener] of all) process.off(name, listener);
  };
}

/** Ends with the launcher: its channel closes early only if it was killed, and then nothing else could stop this process. */
export function endWithLauncher(): void {
  if (process.env['CHARLOOM_LAUNCHED'] === undefined || process.channel === undefined) return;
  process.on('disconnect', () => process.exit(137));
  process.channel?.unref();
}
