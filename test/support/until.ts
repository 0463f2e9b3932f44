import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until there is something, in tests and in what prepares them.
 * @throws Error with the last failure, if there was one, after `timeout` milliseconds
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  timeout = 10_000,
): Promise<T> {
  let failure: unknown;
  for (const begun = Date.now(); Date.now() - begun < timeout; await pause(50)) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`not within ${timeout / 1000} s: ${what}`, { cause: failure });
}
