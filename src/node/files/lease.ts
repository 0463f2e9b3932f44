import { open, utimes } from 'node:fs/promises';
import { systemCode } from './storage-error.ts';

/** Milliseconds. */
export interface LeaseTimes {
  /** Between two signs of life of a holder. */
  readonly touch: number;
  /** Without a sign of life after which a holder is considered dead: longer than a network file system caches an old answer. */
  readonly dead: number;
  /** Time between two checks of a waiting process. */
  readonly look: number;
}

export const leaseTimes: LeaseTimes = { touch: 15_000, dead: 180_000, look: 2000 };

/** A lock file with its token. */
interface HeldFile {
  readonly path: string;
  readonly token: string;
}

/** The result of a check. */
export interface Silence {
  /** How long it has shown no sign of life, in milliseconds of this process's own clock; clocks of other computers are not used. */
  readonly milliseconds: number;
  /** Whether it has shown one since the previous check. */
  readonly hasMoved: boolean;
}

interface Seen {
  readonly sign: string;
  readonly since: number;
}

/**
 * Watches locks of processes on other computers, which cannot be checked directly. A holder touches its lock; a waiting process checks whether the
 * lock's time changes.
 */
export class LeaseObserver {
  readonly #seen = new Map<string, Seen>();

  async look({ path, token }: HeldFile): Promise<Silence> {
    const sign = `${token} ${await changeTime(path)}`;
    const now = performance.now();
    const before = this.#seen.get(path);
    if (before?.sign === sign) return { milliseconds: now - before.since, hasMoved: false };
    this.#seen.set(path, { sign, since: now });
    return { milliseconds: 0, hasMoved: before?.sign.startsWith(`${token} `) ?? false };
  }
}

/** Opens the file, because network file systems answer a stat of a closed file from their cache. */
async function changeTime(path: string): Promise<number> {
  try {
    const file = await open(path, 'r');
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Shows that the holder of a lock is alive, until stopped. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;

  /** @param isOurs false if another process has taken the lock: it is then not touched. */
  constructor(path: string, isOurs: () => Promise<boolean>, interval: number) {
    const beat = async (): Promise<void> => {
      if (!(await isOurs())) return;
      const now = new Date();
      await utimes(path, now, now);
    };
    // A failed touch is made up for by the next one; writers check the lock themselves.
    this.#timer = setInterval(() => void beat().catch(() => undefined), interval);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
