import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunLock, runHolder, type SharedLockOptions } from '../../src/node/files/run-lock.ts';
import { temporaryFolder } from '../support/texts.ts';

/** Another host name needs a namespace on Linux, and the right to create one. */
const canBeElsewhere = spawnSync('unshare', ['--uts', 'true']).status === 0;
const times = { touch: 50, dead: 600, look: 10 };

/** Another computer, as far as the lock can see. */
const elsewhere = ['--uts', 'sh', '-c', 'hostname node-elsewhere && exec "$0" "$@"'];
/** A container: with a mount of its own of /proc and process numbers of its own, and with this computer's name or another. */
const container = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** A process that holds a run, somewhere else. */
class Holder {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string, place: readonly string[], environment: Readonly<Record<string, string>>) {
    const script = join(import.meta.dirname, '..', 'support', 'hold-run.ts');
    const words = [...place, process.execPath, script, folder, String(times.touch)];
    this.process = spawn('unshare', words, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async says(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  async asked(): Promise<string> {
    this.process.stdin.write('\n');
    return this.says();
  }
}

describe.skipIf(!canBeElsewhere)('a run on a shared disk', () => {
  let folder: string;
  const holders: Holder[] = [];
  beforeEach(() => {
    folder = temporaryFolder('shared');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const holder of holders.splice(0)) {
      holder.process.kill('SIGCONT');
      holder.process.kill('SIGKILL');
    }
  });
  const hold = async (
    environment: Readonly<Record<string, string>> = {},
    place: readonly string[] = elsewhere,
  ): Promise<Holder> => {
    const holder = new Holder(folder, place, environment);
    holders.push(holder);
    expect(await holder.says()).toBe('held');
    return holder;
  };
  const take = (options: SharedLockOptions = {}): Promise<RunLock> =>
    RunLock.takeRun(folder, { times, ...options });
  const killed = async (holder: Holder): Promise<void> => {
    const gone = new Promise((resolve) => holder.process.once('exit', resolve));
    holder.process.kill('SIGKILL');
    await gone;
  };

  it('is not taken from a live process on another machine', async () => {
    const holder = await hold();
    const waits: string[] = [];
    await expect(take({ onWait: ({ host }) => waits.push(host) })).rejects.toMatchObject({
      code: 'run-busy',
      message: expect.stringContaining('on the computer “node-elsewhere”') as unknown,
      advice: { kind: 'take-over-run' },
    });
    expect(waits).toEqual(['node-elsewhere']);
    expect(await holder.asked()).toBe('ours');
    expect((await runHolder(folder, times))?.host).toBe('node-elsewhere');
  });

  it('is taken when that process shows no sign of life, and resumed', async () => {
    await killed(await hold());
    const started = performance.now();
    const lock = await take();
    expect(performance.now() - started).toBeGreaterThanOrEqual(times.dead);
    await lock.check();
    await lock.release();
    expect(existsSync(join(folder, 'run.lock')) || existsSync(join(folder, 'job.json'))).toBe(false);
  });

  it.each([
    ['with the name of this computer', container],
    ['with another name', [...container, ...elsewhere]],
  ])(
    'is not taken from a container %s while its process lives, and is taken afterwards',
    async (_, place) => {
      const holder = await hold({}, place);
      // The number that it has for itself is that of another process here, or of none.
      const { holder: written } = JSON.parse(readFileSync(join(folder, 'run.lock'), 'utf8')) as {
        readonly holder: { readonly pid: number };
      };
      expect(written.pid).not.toBe(holder.process.pid);
      expect(written.pid).toBeLessThan(100);
      await expect(take()).rejects.toMatchObject({ code: 'run-busy' });
      expect(await runHolder(folder, times)).toBeDefined();
      expect(await holder.asked()).toBe('ours');
      await killed(holder);
      const lock = await take();
      await lock.check();
      await lock.release();
    },
  );

  it('is reported as held until then, and free afterwards', async () => {
    await killed(await hold());
    expect((await runHolder(folder, times))?.host).toBe('node-elsewhere');
    await vi.waitUntil(async () => (await runHolder(folder, times)) === undefined, { timeout: 10_000 });
  });

  it('is lost to a process that was suspended and wakes up', async () => {
    const holder = await hold();
    holder.process.kill('SIGSTOP');
    const lock = await take();
    const written = readFileSync(join(folder, 'run.lock'), 'utf8');
    holder.process.kill('SIGCONT');
    expect(await holder.asked()).toBe('lost');
    holder.process.stdin.end();
    expect(await holder.says()).toBe('free');
    await lock.check();
    expect(readFileSync(join(folder, 'run.lock'), 'utf8')).toBe(written);
    await lock.release();
  });

  it('is taken immediately with --take-over', async () => {
    await killed(await hold());
    const lock = await take({ takeOver: true, times: { ...times, dead: 1e9 } });
    await lock.release();
  });

  it('is not taken from a live process of this computer, even with --take-over', async () => {
    const first = await take();
    await expect(take({ takeOver: true })).rejects.toMatchObject({ code: 'run-busy' });
    await first.release();
  });

  it('is left to an older Charloom elsewhere, which shows no signs of life', async () => {
    await killed(await hold());
    rmSync(join(folder, 'job.json'));
    await expect(take()).rejects.toMatchObject({ code: 'run-busy', advice: { kind: 'take-over-run' } });
    await (await take({ takeOver: true })).release();
  });

  it('is taken immediately from an earlier attempt of the same job, and from no other', async () => {
    const job = {
      SLURM_CLUSTER_NAME: 'hill',
      SLURM_ARRAY_JOB_ID: '17',
      SLURM_ARRAY_TASK_ID: '3',
      SLURM_JOB_ID: '20',
    };
    const holder = await hold(job);
    for (const [name, value] of Object.entries({ ...job, SLURM_JOB_ID: '21' })) vi.stubEnv(name, value);
    const impatient = { ...times, dead: 1e9 };
    await expect(take({ times: impatient })).rejects.toMatchObject({ code: 'run-busy' });
    await killed(holder);
    vi.stubEnv('SLURM_RESTART_COUNT', '1');
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '4');
    const signal = AbortSignal.timeout(300);
    await expect(take({ times: impatient, signal })).rejects.toMatchObject({ code: 'cancelled' });
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '3');
    await (await take({ times: impatient })).release();
  });
});
