import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, readlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import {
  accountingStart,
  databaseQuestion,
  databaseStart,
  makeDatabase,
  type DaemonStart,
} from './accounting.ts';
import {
  cardFiles,
  configurationOf,
  nodes,
  type ClusterOptions,
  type ClusterPorts,
  type NodeName,
} from './configuration.ts';
import { removeGroups } from './memory-limits.ts';
import { commandLineOf, end, environmentOf, kill, namespaceOf, processesIn } from './node-processes.ts';

/**
 * A Slurm of two nodes in a folder: two host names on one computer, with the real controller, the real node daemons, and nothing installed or changed outside
 * the folder. Each node's processes share a namespace for host names, by which a whole node can be killed, as when its power fails.
 */
export class SlurmCluster {
  readonly folder: string;
  readonly #options: ClusterOptions;
  readonly #daemons = new Map<string, ChildProcess>();
  /** Of each node's namespace. */
  readonly #namespaces = new Map<NodeName, string>();

  private constructor(folder: string, options: ClusterOptions) {
    this.folder = folder;
    this.#options = options;
    // A test that ends early leaves no daemon behind.
    process.once('exit', () => this.#killAll());
  }

  static async start(folder: string, options: ClusterOptions = {}): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(folder, options);
    const [controller = 0, accounting = 0, ...own] = await freePorts(2 + nodes.length);
    cluster.#writeFiles({ controller, accounting, nodes: own });
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
    if (this.#options.isAccounted === true) await this.#startAccounting();
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
    const words = ['-D', '-f', this.#path('slurm.conf')];
    this.#spawn({ name: 'slurmctld', program: 'slurmctld', words });
  }

  async stopController(): Promise<void> {
    await end(this.#daemons.get('slurmctld'), 'SIGTERM');
  }

  async #startAccounting(): Promise<void> {
    await makeDatabase(this.folder);
    this.#spawn(databaseStart(this.folder));
    await this.#until('the database is there', () => this.#answers(...databaseQuestion(this.folder)));
    this.#spawn(accountingStart(this.folder));
    const add = (...words: readonly string[]): Promise<string> =>
      this.ask('sacctmgr', ['--immediate', 'add', ...words]);
    await this.#until('the accounting knows the cluster', async () => {
      await add('cluster', 'hill');
      return true;
    });
    await add('account', 'lab');
    await add('user', 'root', 'account=lab');
  }

  async stopAccounting(): Promise<void> {
    await end(this.#daemons.get('slurmdbd'), 'SIGKILL');
  }

  startNode(node: NodeName): void {
    const command = `hostname ${node} && exec slurmd -D -N ${node} -f "$0"`;
    const words = ['--uts', 'sh', '-c', command, this.#path('slurm.conf')];
    const child = this.#spawn({ name: node, program: 'unshare', words });
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

  /** Processes of a node with these words in their command lines. */
  find(node: NodeName, words: string): readonly number[] {
    return this.processesOf(node).filter((pid) => commandLineOf(pid).includes(words));
  }

  /** Whether a node runs a program with these words in its command line. */
  runs(node: NodeName, words: string): boolean {
    return this.find(node, words).length > 0;
  }

  /** The environments of a node's programs with these words in their command lines. */
  environmentsOf(node: NodeName, words: string): readonly Readonly<Record<string, string>>[] {
    return this.find(node, words).map(environmentOf);
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
    if (this.#options.limitsMemory === 'kernel') removeGroups();
  }

  #killAll(): void {
    const onNodes = nodes.flatMap((node) => this.processesOf(node));
    const daemons = [...this.#daemons.values()].filter(
      ({ exitCode, signalCode }) => (exitCode ?? signalCode) === null,
    );
    for (const pid of [...onNodes, ...daemons.map(({ pid: own }) => own ?? 0)])
      if (pid > 0) kill(pid, 'SIGKILL');
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  #spawn({ name, program, words, env }: DaemonStart): ChildProcess {
    const log = openSync(this.#path(`${name}.log`), 'a');
    const child = spawn(program, words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.environment, ...env },
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
    this.#spawn({ name: 'munged', program: 'munged', words: ['--foreground', ...files] });
  }

  #writeFiles(ports: ClusterPorts): void {
    mkdirSync(this.folder, { mode: 0o755 });
    // Munge wants its socket to be in everybody's reach.
    chmodSync(dirname(this.folder), 0o755);
    for (const name of ['state', ...nodes.map((node) => `spool-${node}`)]) mkdirSync(this.#path(name));
    writeFileSync(this.#path('munge.key'), randomBytes(1024), { mode: 0o600 });
    const own = { folder: this.folder, options: this.#options };
    for (const [name, text] of Object.entries(configurationOf({ ...own, ports }))) {
      // Slurm reads the password of a database from a file that only its user may read.
      writeFileSync(this.#path(name), text, { mode: name === 'slurmdbd.conf' ? 0o600 : 0o644 });
    }
    // A card's device file, with the null device behind it.
    for (const file of nodes.flatMap((node) => cardFiles(own, node))) {
      execFileSync('mknod', [file, 'c', '1', '3']);
    }
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

/** Ports that nothing listens on; all are open at the same time, so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
