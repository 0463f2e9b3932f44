import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { CharloomError } from '../../shared/errors.ts';
import { mayBeAlive, ownIdentity, processIdentitySchema, type ProcessIdentity } from './process-identity.ts';
import { readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/**
 * One process at a time works in a run folder. The lock is a file, made with the exclusive flag that every file system honours, that
 * says who holds it. A process that is killed leaves it behind, so it must be possible to take over a dead process's lock, and two
 * that try at once must not both succeed. Removing the dead lock and making one's own cannot promise that: the second may
 * remove the first one's fresh lock. Instead a dead lock is never removed but INHERITED:
 *
 *   - each lock has a token that is never used again, and `run.lock.after-<token>`, made exclusively too, is the right to follow it:
 *     only one process ever gets it. Should that one die as well, it is followed in the same way.
 *   - the heir renames its own lock over `run.lock` and only then removes the `after` files. Whoever got an `after` file so late that it
 *     had been removed before sees another token in `run.lock` than the one it meant to follow, and withdraws.
 */
const lockSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  holder: processIdentitySchema,
});
type Lock = Readonly<z.infer<typeof lockSchema>>;

/** A lock as found: one whose maker died before writing it down names nobody. */
interface FoundLock {
  readonly token: string;
  readonly holder: ProcessIdentity | undefined;
}

const lockName = 'run.lock';
const maxBytes = 1 << 16;
/** How long a lock may be empty or torn: its maker is between making and writing it. After that its maker died there. */
const writingGrace = 1000;

export class RunLock {
  readonly #folder: string;
  readonly #name: string;
  readonly #lock: Lock;

  private constructor(folder: string, name: string, lock: Lock) {
    this.#folder = folder;
    this.#name = name;
    this.#lock = lock;
  }

  /**
   * Takes the lock of a run folder, or of something else in a folder by another name.
   * @throws CharloomError 'run-busy', naming the process that has it, or 'storage'
   */
  static async take(folder: string, name: string = lockName): Promise<RunLock> {
    const lock: Lock = { token: randomBytes(16).toString('hex'), holder: await ownIdentity() };
    return withStorageErrors('lock the run', folder, async () => {
      let taken = false;
      while (!taken) taken = await tryToTake(folder, name, lock);
      return new RunLock(folder, name, lock);
    });
  }

  /**
   * Makes sure that the lock is still ours; somebody may have removed it by hand and started a second process.
   * @throws CharloomError('run-busy')
   */
  async check(): Promise<void> {
    const current = await readLock(join(this.#folder, this.#name));
    if (current?.token !== this.#lock.token) {
      throw new CharloomError('run-busy', `This process no longer holds the run at ${this.#folder}.`, {
        fix: 'Somebody removed its run.lock; make sure that only one process works on the run.',
      });
    }
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    const path = join(this.#folder, this.#name);
    const current = await readLock(path).catch(() => undefined);
    if (current?.token === this.#lock.token) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** The process that works in a run folder now, if any. */
export async function runHolder(folder: string): Promise<ProcessIdentity | undefined> {
  const lock = await readLock(join(folder, lockName)).catch(() => undefined);
  return lock?.holder !== undefined && (await mayBeAlive(lock.holder)) ? lock.holder : undefined;
}

/** False when the locks changed under our hands and everything is to be looked at again. */
async function tryToTake(folder: string, name: string, own: Lock): Promise<boolean> {
  const head = join(folder, name);
  if (await makeLock(head, own)) return true;
  const first = await readSettled(head);
  if (first === undefined) return false;
  let claim: string;
  for (let last: FoundLock | undefined = first; ; last = await readSettled(claim)) {
    if (last === undefined) return false;
    await refuseIfAlive(folder, last);
    claim = `${head}.after-${last.token}`;
    if (await makeLock(claim, own)) break;
  }
  const current = await readSettled(head);
  if (current?.token !== first.token) {
    await rm(claim, { force: true });
    return false;
  }
  await rename(claim, head);
  const leftovers = (await readdir(folder)).filter((each) => each.startsWith(`${name}.after-`));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { force: true })));
  return true;
}

async function refuseIfAlive(folder: string, { holder }: FoundLock): Promise<void> {
  if (holder === undefined || !(await mayBeAlive(holder))) return;
  const elsewhere = holder.host === hostname() ? '' : ` on the computer “${holder.host}”`;
  throw new CharloomError(
    'run-busy',
    `Process ${holder.pid}${elsewhere} is working on the run at ${folder}.`,
    {
      fix:
        elsewhere === ''
          ? 'Wait for it or stop it; what it has saved can be looked at and written with meanwhile.'
          : `If nothing works on it there any more, remove ${join(folder, lockName)}.`,
    },
  );
}

/** Makes a lock file unless there is one. */
async function makeLock(path: string, lock: Lock): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    await file.writeFile(`${JSON.stringify(lock)}\n`);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/** The lock in a file, with deadline for one that is being written; undefined when there is none. */
async function readSettled(path: string): Promise<FoundLock | undefined> {
  const deadline = performance.now() + writingGrace;
  for (;;) {
    const lock = await readLock(path);
    if (lock === undefined || lock.holder !== undefined || performance.now() > deadline) return lock;
    await wait(20);
  }
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  const text = await readSmallText(path, maxBytes).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return { token: 'torn', holder: undefined };
  }
}
