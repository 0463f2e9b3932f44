import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { CharloomError } from '../../shared/errors.ts';
import {
  isEarlierAttempt,
  ownJobNote,
  readJobNote,
  removeJobNote,
  writeJobNote,
  type JobNote,
} from './job-note.ts';
import { Heartbeat, LeaseObserver, leaseTimes, type LeaseTimes } from './lease.ts';
import { canBeAsked, mayHold, type RunHolder } from './lock-holder.ts';
import { ownIdentity, processIdentitySchema, type ProcessIdentity } from './process-identity.ts';
import { readSmallText } from './plain-file.ts';
import { systemCode, withStorageErrors } from './storage-error.ts';

/**
 * One process at a time works in a run folder. The lock is a file that names its holder, created with the exclusive flag, which every file system
 * honours. A killed process leaves its lock behind, so it must be possible to take over a dead process's lock, and two processes that try at the same
 * time must not both succeed. Removing the dead lock and creating a new one cannot guarantee that: the second process may remove the first one's new
 * lock. Instead a dead lock is never removed but INHERITED:
 *
 *   - each lock has a token that is never reused, and `run.lock.after-<token>`, also created exclusively, is the right to follow it:
 *     only one process ever gets it. If that process dies too, it is followed in the same way.
 *   - the heir renames its own lock over `run.lock` and only then removes the `after` files. A process that got an `after` file after it
 *     had been removed finds a different token in `run.lock` from the one it meant to follow, and withdraws.
 */
const lockSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  holder: processIdentitySchema,
});
type Lock = Readonly<z.infer<typeof lockSchema>>;

/** A lock as found; without a holder if its creator died before writing it. */
interface FoundLock {
  readonly token: string;
  readonly holder: ProcessIdentity | undefined;
}

const lockName = 'run.lock';

/** How to take the lock of a run that another computer may hold: run folders may be on shared disks. */
export interface SharedLockOptions {
  /** Takes it even if the holder cannot be checked: the user knows that it has ended. */
  readonly takeOver?: boolean | undefined;
  /** Called once if a holder on another computer has to be watched for a sign of life first. */
  readonly onWait?: ((holder: ProcessIdentity, longestMs: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Different times, for tests. */
  readonly times?: LeaseTimes | undefined;
}

/** Kept between calls: a lock that has been silent for a long time need not be watched again. */
const observer = new LeaseObserver();
const maxBytes = 1 << 16;
/** How long a lock may be empty or torn, in milliseconds: its creator is about to write it. After that, its creator has died. */
const writingGrace = 1000;

export class RunLock {
  readonly #folder: string;
  readonly #name: string;
  readonly #lock: Lock;
  #heartbeat: Heartbeat | undefined;

  private constructor(folder: string, name: string, lock: Lock) {
    this.#folder = folder;
    this.#name = name;
    this.#lock = lock;
  }

  /**
   * Takes a lock that is held briefly, or only by processes of one computer: for anything in a folder, under its own name.
   * @throws CharloomError 'run-busy', naming its holder, or 'storage'
   */
  static async take(folder: string, name: string = lockName): Promise<RunLock> {
    const own = await newLock();
    await takeLock(folder, name, { own });
    return new RunLock(folder, name, own);
  }

  /**
   * Takes the lock of a run folder to work on the run, and shows from then on that this process lives. If a process on another computer holds it,
   * that process is watched for a sign of life first; an earlier attempt of this process's own job is dead.
   * @throws CharloomError 'run-busy', naming the process that has it, 'storage', or 'cancelled' by the signal
   */
  static async takeRun(folder: string, options: SharedLockOptions = {}): Promise<RunLock> {
    const own = await newLock();
    const note = await ownJobNote(own.token);
    await takeLock(folder, lockName, { own, shared: { ...options, note } });
    const lock = new RunLock(folder, lockName, own);
    try {
      await writeJobNote(folder, note);
    } catch (error) {
      await lock.release();
      throw error;
    }
    const { touch } = options.times ?? leaseTimes;
    lock.#heartbeat = new Heartbeat(join(folder, lockName), () => lock.#isOurs(), touch);
    return lock;
  }

  /**
   * Makes sure that the lock is still ours; it may have been removed by hand and taken by another process.
   * @throws CharloomError('run-busy')
   */
  async check(): Promise<void> {
    if (await this.#isOurs()) return;
    throw new CharloomError('run-busy', `This process has lost its lock on the run at ${this.#folder}.`, {
      fix: 'Another process has taken over the run. It repeats the unsaved iterations with the same results.',
    });
  }

  /** Releases the lock. */
  async release(): Promise<void> {
    this.#heartbeat?.stop();
    if (!(await this.#isOurs().catch(() => false))) return;
    if (this.#heartbeat !== undefined) await removeJobNote(this.#folder);
    await rm(join(this.#folder, this.#name), { force: true }).catch(() => undefined);
  }

  async #isOurs(): Promise<boolean> {
    const current = await readLock(join(this.#folder, this.#name));
    return current?.token === this.#lock.token;
  }
}

async function newLock(): Promise<Lock> {
  return { token: randomBytes(16).toString('hex'), holder: await ownIdentity() };
}

/** The process that takes a lock, and whether the lock may be on a shared disk. */
interface Claimant {
  readonly own: Lock;
  readonly shared?: (SharedLockOptions & { readonly note: JobNote }) | undefined;
}

async function takeLock(folder: string, name: string, claimant: Claimant): Promise<void> {
  await withStorageErrors('lock the run', folder, async () => {
    let taken = false;
    while (!taken) taken = await tryToTake(folder, name, claimant);
  });
}

/**
 * The process that works in a run folder now, if any. One on another computer is believed to be alive until it has shown no sign of life for `dead`
 * milliseconds since this process began to watch it.
 */
export async function runHolder(
  folder: string,
  { dead }: Pick<LeaseTimes, 'dead'> = leaseTimes,
): Promise<RunHolder | undefined> {
  const path = join(folder, lockName);
  const lock = await readLock(path).catch(() => undefined);
  if (lock?.holder === undefined) return undefined;
  const note = await readJobNote(folder, lock.token);
  if (!(await mayHold(lock.holder, note))) return undefined;
  const holder = { ...lock.holder, job: note?.job?.id ?? null };
  if (note === undefined || (await canBeAsked(lock.holder, note))) return holder;
  const { milliseconds } = await observer.look({ path, token: lock.token });
  return milliseconds < dead ? holder : undefined;
}

/** False if the locks changed during the attempt and everything must be checked again. */
async function tryToTake(folder: string, name: string, claimant: Claimant): Promise<boolean> {
  const head = join(folder, name);
  const { own } = claimant;
  if (await makeLock(head, own)) return true;
  const first = await readSettled(head);
  if (first === undefined) return false;
  let path = head;
  for (let last: FoundLock | undefined = first; ; last = await readSettled(path)) {
    if (last === undefined) return false;
    await refuseIfAlive({ folder, path, lock: last }, claimant);
    path = `${head}.after-${last.token}`;
    if (await makeLock(path, own)) break;
  }
  const claim = path;
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

interface LockFile {
  readonly folder: string;
  readonly path: string;
  readonly lock: FoundLock;
}

async function refuseIfAlive(file: LockFile, { shared }: Claimant): Promise<void> {
  const { folder, lock } = file;
  const { holder, token } = lock;
  if (holder === undefined) return;
  const note = await readJobNote(folder, token);
  if (!(await mayHold(holder, note))) return;
  if (await canBeAsked(holder, note)) throw busy(folder, holder);
  if (shared === undefined) throw busyElsewhere(file, holder);
  if (shared.takeOver) return;
  if (note === undefined) throw busyElsewhere(file, holder);
  if (isEarlierAttempt(note, shared.note)) return;
  if (!(await watch(file, holder, shared))) throw busyElsewhere(file, holder);
}

/** Waits for a sign of life; true if there was none for so long that the holder is considered dead. */
async function watch(
  { path, lock: { token } }: LockFile,
  holder: ProcessIdentity,
  { times = leaseTimes, onWait, signal }: SharedLockOptions,
): Promise<boolean> {
  for (let isFirst = true; ; isFirst = false) {
    const { milliseconds, hasMoved } = await observer.look({ path, token });
    if (hasMoved) return false;
    if (milliseconds >= times.dead) return true;
    if (isFirst) onWait?.(holder, times.dead - milliseconds);
    await wait(times.look, undefined, { signal }).catch((cause: unknown) => {
      throw new CharloomError('cancelled', 'The run was not taken over.', { cause });
    });
  }
}

function busy(folder: string, { pid }: ProcessIdentity): CharloomError {
  return new CharloomError('run-busy', `Process ${pid} is using the run at ${folder}.`, {
    fix: 'Wait for it or stop it. Its checkpoints can be used meanwhile.',
  });
}

function busyElsewhere({ folder, path }: LockFile, { pid, host }: ProcessIdentity): CharloomError {
  const sentence = `Process ${pid} on the computer “${host}” is using the run at ${folder}.`;
  return new CharloomError('run-busy', sentence, { fix: { kind: 'take-over-run', lock: path } });
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

/** The lock in a file; waits for one that is being written, for a limited time. Undefined if there is none. */
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
