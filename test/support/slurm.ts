import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const programs = ['slurmctld', 'slurmd', 'munged', 'sbatch', 'squeue', 'scancel', 'scontrol', 'unshare'];

/** Why no cluster can be started on this machine; undefined if one can. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux only';
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return `there is no ${missing.join(', ')} here (Debian: slurm-wlm, munge)`;
  return spawnSync('unshare', ['--uts', 'true']).status === 0
    ? undefined
    : 'no process may be given another host name here';
}

export const nodes = ['node1', 'node2'] as const;
export type NodeName = (typeof nodes)[number];

/**
 * A Slurm of two nodes in a folder: two host names on one computer, with the real controller, the real node daemons, and nothing installed or changed outside
 * the folder. Each node's processes share a namespace for host names, by which a whole node can be killed, as when its power fails.
 */
export class SlurmCluster {
  readonly folder: string;
  readonly #ports: readonly [number, number, number];
  readonly #daemons = new Map<string, ChildProcess>();
  /** Of each node's namespace. */
  readonly #namespaces = new Map<NodeName, string>();

  private constructor(folder: string, ports: readonly [number, number, number]) {
    this.folder = folder;
    this.#ports = ports;
  }

  static async start(folder: string): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(folder, [await freePort(), await freePort(), await freePort()]);
    cluster.#writeFiles();
    try {
      await cluster.#bringUp();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #bringUp(): Promise<void> {
    this.#startMunge();
    await this.#until('munge answers', () =>
      this.#answers('munge', ['-n', '-S', this.#path('munge.socket')]),
    );
    this.startController();
    for (const node of nodes) this.startNode(node);
    await this.#until('both nodes are idle', async () => {
      const states = (await this.ask('sinfo', ['-h', '-N', '-p', 'low', '-o', '%t'])).trim().split('\n');
      return states.length === nodes.length && states.every((state) => state === 'idle');
    });
  }

  /** For every command that is to find this cluster. */
  get environment(): Readonly<Record<string, string>> {
    return { SLURM_CONF: this.#path('slurm.conf') };
  }

  /** What one of Slurm's commands answers. */
  async ask(program: string, words: readonly string[]): Promise<string> {
    const env = { ...process.env, ...this.environment };
    const { stdout } = await promisify(execFile)(program, [...words], {
      env,
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    return stdout;
  }

  startController(): void {
    this.#spawn('slurmctld', 'slurmctld', ['-D', '-f', this.#path('slurm.conf')]);
  }

  async stopController(): Promise<void> {
    await end(this.#daemons.get('slurmctld'), 'SIGTERM');
  }

  startNode(node: NodeName): void {
    const command = `hostname ${node} && exec slurmd -D -N ${node} -f "$0"`;
    const child = this.#spawn(node, 'unshare', ['--uts', 'sh', '-c', command, this.#path('slurm.conf')]);
    // The namespace is there once unshare has made it.
    const own = readlinkSync('/proc/self/ns/uts');
    for (let turn = 0; turn < 500; turn++) {
      const found = namespaceOf(child.pid ?? 0);
      if (found !== undefined && found !== own) return void this.#namespaces.set(node, found);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    throw new Error(`${node} did not start`);
  }

  /** Everything that runs on a node: its daemon, the keepers of its jobs, and the jobs. */
  processesOf(node: NodeName): readonly number[] {
    const namespace = this.#namespaces.get(node);
    return namespace === undefined ? [] : processesIn(namespace);
  }

  /** Whether a node runs a program with these words in its command line. */
  runs(node: NodeName, words: string): boolean {
    return this.processesOf(node).some((pid) => commandLineOf(pid).includes(words));
  }

  /** Kills a whole node at one stroke. */
  async killNode(node: NodeName): Promise<void> {
    const daemon = this.#daemons.get(node);
    // Something may start while others are killed.
    for (let left = this.processesOf(node); left.length > 0; left = this.processesOf(node)) {
      for (const pid of left) kill(pid, 'SIGKILL');
      await wait(20);
    }
    await end(daemon, 'SIGKILL');
    this.#namespaces.delete(node);
  }

  /** Ends every job and every daemon; none of them is left. */
  async stop(): Promise<void> {
    for (const node of nodes) await this.killNode(node);
    for (const child of this.#daemons.values()) await end(child, 'SIGKILL');
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  #spawn(name: string, program: string, words: readonly string[]): ChildProcess {
    const log = openSync(this.#path(`${name}.log`), 'a');
    const child = spawn(program, words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.environment },
    });
    closeSync(log);
    this.#daemons.set(name, child);
    return child;
  }

  #startMunge(): void {
    const files = ['key', 'socket', 'pid', 'log', 'seed'].map((kind) => {
      const flag = { key: 'key-file', socket: 'socket', pid: 'pid-file', log: 'log-file', seed: 'seed-file' }[
        kind
      ];
      return `--${flag}=${this.#path(`munge.${kind}`)}`;
    });
    this.#spawn('munged', 'munged', ['--foreground', ...files]);
  }

  #writeFiles(): void {
    mkdirSync(this.folder, { mode: 0o755 });
    // Munge wants its socket to be in everybody's reach.
    chmodSync(dirname(this.folder), 0o755);
    for (const name of ['state', ...nodes.map((node) => `spool-${node}`)]) mkdirSync(this.#path(name));
    writeFileSync(this.#path('munge.key'), randomBytes(1024), { mode: 0o600 });
    writeFileSync(this.#path('cgroup.conf'), 'CgroupAutomount=no\n');
    writeFileSync(this.#path('slurm.conf'), this.#configuration());
  }

  #configuration(): string {
    const [controller, ...ports] = this.#ports;
    const host = hostname().split('.')[0] ?? '';
    return [
      'ClusterName=hill',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${controller}`,
      'SlurmUser=root',
      'SlurmdUser=root',
      'AuthType=auth/munge',
      'CredType=cred/munge',
      // A job that is started again waits for its credential to expire.
      `AuthInfo=socket=${this.#path('munge.socket')},cred_expire=5`,
      `StateSaveLocation=${this.#path('state')}`,
      `SlurmdSpoolDir=${this.#path('spool-%n')}`,
      `SlurmctldPidFile=${this.#path('slurmctld.pid')}`,
      `SlurmdPidFile=${this.#path('slurmd-%n.pid')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0,requeue_delay=1',
      'AccountingStorageType=accounting_storage/none',
      'JobAcctGatherType=jobacct_gather/none',
      'SwitchType=switch/none',
      'MpiDefault=none',
      'MailProg=/bin/true',
      'SlurmdParameters=config_overrides',
      'ReturnToService=2',
      'JobRequeue=1',
      'KillWait=5',
      'MinJobAge=300',
      'SlurmctldTimeout=30',
      'SlurmdTimeout=6',
      'BatchStartTimeout=5',
      'PreemptType=preempt/partition_prio',
      'PreemptMode=REQUEUE',
      'PreemptExemptTime=0',
      ...nodes.map(
        (node, place) =>
          `NodeName=${node} NodeHostname=${node} NodeAddr=127.0.0.1 Port=${ports[place]} CPUs=2 RealMemory=2000 State=UNKNOWN`,
      ),
      `PartitionName=low Nodes=${nodes.join(',')} Default=YES PriorityTier=1 PreemptMode=REQUEUE MaxTime=60 State=UP`,
      `PartitionName=high Nodes=${nodes.join(',')} PriorityTier=10 PreemptMode=OFF State=UP`,
      '',
    ].join('\n');
  }

  #answers(program: string, words: readonly string[]): Promise<boolean> {
    return Promise.resolve(spawnSync(program, words, { timeout: 5000 }).status === 0);
  }

  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const limit = performance.now() + 60_000;
    while (!(await isSo().catch(() => false))) {
      if (performance.now() > limit) throw new Error(`waited in vain until ${what}: see ${this.folder}`);
      await wait(100);
    }
  }
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/uts`);
  } catch {
    return undefined;
  }
}

function processesIn(namespace: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => namespaceOf(pid) === namespace);
}

/** Slurm's version, for what a run of the tests says. */
export function slurmVersion(): string {
  return execFileSync('slurmctld', ['-V'], { encoding: 'utf8' }).trim();
}
