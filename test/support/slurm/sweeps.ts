import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SweepStatusResult, SweepSubmitResult } from '../../../src/cli/json-output.ts';
import { SweepObserver } from '../../../src/processes/sweeps/observe-sweep.ts';
import type { SweepOverview, SweepTask } from '../../../src/shared/domain/sweep.ts';
import { charloom, type Finished } from '../processes.ts';
import { speedOf, type Speed } from '../run-speed.ts';
import { temporaryFolder, wordyText, writeText } from '../texts.ts';
import { SlurmCluster } from './cluster.ts';
import { nodes, type ClusterOptions } from './configuration.ts';

const model = '--rnn-size 16 --num-layers 1 --batch-size 10 --seq-length 20 --backend wasm'.split(' ');

type Environment = Readonly<Record<string, string>>;

/** Long enough for a command or two while it trains, on a slow machine too. */
export const usualMilliseconds = 8000;

/** A cluster and what tests do with sweeps on it. Every command finds the cluster by the environment of this process. */
export class ClusterSweeps {
  readonly cluster: SlurmCluster;
  readonly folder: string;
  readonly #text: string;
  #speed: Speed = { millisecondsPerEpoch: Number.NaN, iterationsPerEpoch: Number.NaN };

  private constructor(cluster: SlurmCluster, folder: string) {
    this.cluster = cluster;
    this.folder = folder;
    this.#text = writeText(folder, 'sea.txt', wordyText(40_000));
  }

  static async start(purpose: string, options: ClusterOptions = {}): Promise<ClusterSweeps> {
    const folder = temporaryFolder(purpose);
    const cluster = await SlurmCluster.start(join(folder, 'cluster'), options);
    Object.assign(process.env, cluster.environment);
    const sweeps = new ClusterSweeps(cluster, folder);
    const probe = join(folder, 'probe');
    await sweeps.trainHere(probe, '--max-epochs', '3');
    sweeps.#speed = speedOf(join(probe, 'sea-001'), 3);
    return sweeps;
  }

  /** Ends the cluster. Returns how many of its nodes' processes there were before, and how many are left. */
  async stop(): Promise<{ readonly before: number; readonly left: number }> {
    const count = (): number => nodes.flatMap((node) => this.cluster.processesOf(node)).length;
    const before = count();
    await this.cluster.stop();
    return { before, left: count() };
  }

  /** Runs the command line to its end. */
  run(words: readonly string[], env: Environment = {}): Promise<Finished> {
    return charloom(words, { env });
  }

  /** The same where it has to end well; returns what it prints. */
  async succeed(words: readonly string[], env: Environment = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(words, env);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** Settings of a run of that duration with a dozen evaluations. */
  lasting(milliseconds: number): readonly string[] {
    const epochs = Math.ceil(milliseconds / this.#speed.millisecondsPerEpoch);
    const evaluateEvery = Math.ceil((epochs * this.#speed.iterationsPerEpoch) / 12);
    return ['--max-epochs', String(epochs), '--eval-every', String(evaluateEvery)];
  }

  /** Plans a sweep of one run of the usual duration, unless the words say otherwise. */
  plan(runs: string, name: string, ...words: readonly string[]): Promise<string> {
    return this.succeed([
      ...['sweep', 'plan', name, this.#text, '--out', runs, ...model],
      ...(words.includes('--vary') ? [] : ['--vary', 'learning-rate=0.005']),
      ...(words.includes('--max-epochs') ? [] : this.lasting(usualMilliseconds)),
      ...words,
    ]);
  }

  /** Trains a sweep without Slurm. */
  async trainHere(runs: string, ...words: readonly string[]): Promise<void> {
    await this.plan(runs, 'sea', ...words);
    await this.succeed(['sweep', 'submit', 'sea', '--out', runs, '--engine', 'local', '--cpus', '1']);
  }

  submit(runs: string, name: string, ...words: readonly string[]): Promise<SweepSubmitResult> {
    return this.submitWith({}, runs, name, ...words);
  }

  /** The same with an environment, which the jobs have too. */
  async submitWith(
    env: Environment,
    runs: string,
    name: string,
    ...words: readonly string[]
  ): Promise<SweepSubmitResult> {
    const common = ['sweep', 'submit', name, '--out', runs, '--json', '--cpus', '1'];
    return JSON.parse(await this.succeed([...common, ...words], env)) as SweepSubmitResult;
  }

  /** What the command line says of a sweep. */
  async status(runs: string, name: string, env: Environment = {}): Promise<SweepStatusResult> {
    const words = ['sweep', 'status', name, '--out', runs, '--json'];
    return JSON.parse(await this.succeed(words, env)) as SweepStatusResult;
  }

  /** Waits as a page does: looks at the sweep until it is as wanted. */
  async until(
    runs: string,
    name: string,
    isSo: (tasks: readonly SweepTask[], overview: SweepOverview) => boolean,
  ): Promise<readonly SweepTask[]> {
    const observer = new SweepObserver(join(runs, `${name}.sweep`));
    const limit = performance.now() + 200_000;
    for (;;) {
      const overview = await observer.look();
      if (isSo(overview.tasks, overview)) return overview.tasks;
      if (performance.now() > limit) throw new Error(`waited in vain: ${JSON.stringify(overview, null, 1)}`);
      await wait(200);
    }
  }

  /** Slurm's number of the array that a sweep was submitted as last. */
  jobOf(runs: string, name: string): string {
    const lines = readFileSync(join(runs, `${name}.sweep`, 'submissions.jsonl'), 'utf8');
    return [...lines.matchAll(/"job":"(\d+)"/g)].at(-1)?.[1] ?? '';
  }

  /** What a task's jobs have printed; nothing before they start. */
  logOf(runs: string, name: string, index = 1): string {
    try {
      return readFileSync(
        join(runs, `${name}.sweep`, 'tasks', String(index).padStart(3, '0'), 'log.txt'),
        'utf8',
      );
    } catch {
      return '';
    }
  }
}

export const allAre =
  (state: SweepTask['state']) =>
  (tasks: readonly SweepTask[]): boolean =>
    tasks.every((task) => task.state === state);

/** Whether the first task trains and has been measured. */
export function hasMeasured([first]: readonly SweepTask[]): boolean {
  return first?.state === 'running' && first.loss !== null;
}
