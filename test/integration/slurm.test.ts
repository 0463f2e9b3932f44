import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepStatusResult, SweepSubmitResult } from '../../src/cli/json-output.ts';
import { charloom, type Finished } from '../support/processes.ts';
import { Served } from '../support/served.ts';
import { nodes, SlurmCluster, slurmVersion, whyNoSlurm, type NodeName } from '../support/slurm.ts';
import { speedOf, type Speed } from '../support/run-speed.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const whyNot = whyNoSlurm();
if (whyNot !== undefined) process.stderr.write(`Sweeps on a real Slurm are SKIPPED: ${whyNot}.\n`);

type Task = SweepStatusResult['tasks'][number];

/** Long enough on this machine for a command or two while it trains. */
const runMilliseconds = 12_000;
const model = '--rnn-size 16 --num-layers 1 --batch-size 10 --seq-length 20 --backend wasm'.split(' ');

describe.skipIf(whyNot !== undefined)(`sweeps on ${whyNot === undefined ? slurmVersion() : 'Slurm'}`, () => {
  let cluster: SlurmCluster;
  let isUp = false;
  let folder: string;
  let text: string;
  /** A run that nothing ever interrupted, of a sweep that the tests plan in folders of their own. */
  let untouched: string;
  let speed: Speed;

  beforeAll(async () => {
    folder = temporaryFolder('slurm');
    text = writeText(folder, 'sea.txt', wordyText(40_000));
    cluster = await SlurmCluster.start(join(folder, 'cluster'));
    isUp = true;
    const probe = join(folder, 'probe');
    await train(probe, '--max-epochs', '3');
    speed = speedOf(join(probe, 'sea-001'), 3);
    untouched = join(folder, 'untouched');
    await train(untouched, ...long(runMilliseconds));
  }, 240_000);

  afterAll(async () => {
    if (!isUp) return;
    const left = nodes.flatMap((node) => cluster.processesOf(node)).length;
    await cluster.stop();
    // Nothing may be left behind, and what there was before was really seen.
    expect(left).toBeGreaterThan(0);
    expect(nodes.flatMap((node) => cluster.processesOf(node))).toEqual([]);
  }, 60_000);

  const run = (words: readonly string[]): Promise<Finished> => charloom(words, { env: cluster.environment });
  const succeed = async (words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(words);
    expect({ code, stderr: code === 0 ? '' : stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  /** Settings of a run of that duration with a dozen evaluations. */
  const long = (milliseconds: number): readonly string[] => {
    const epochs = Math.ceil(milliseconds / speed.millisecondsPerEpoch);
    const evaluateEvery = Math.ceil((epochs * speed.iterationsPerEpoch) / 12);
    return ['--max-epochs', String(epochs), '--eval-every', String(evaluateEvery)];
  };
  const plan = (runs: string, name: string, ...words: readonly string[]): Promise<string> =>
    succeed([
      ...['sweep', 'plan', name, text, '--out', runs, ...model],
      ...(words.includes('--vary') ? [] : ['--vary', 'learning-rate=0.005']),
      ...(words.includes('--max-epochs') ? words : [...long(runMilliseconds), ...words]),
    ]);
  const train = async (runs: string, ...words: readonly string[]): Promise<void> => {
    await plan(runs, 'sea', ...words);
    await succeed(['sweep', 'submit', 'sea', '--out', runs, '--engine', 'local', '--cpus', '1']);
  };
  const submit = async (
    runs: string,
    name: string,
    ...words: readonly string[]
  ): Promise<SweepSubmitResult> => {
    const common = ['sweep', 'submit', name, '--out', runs, '--json', '--cpus', '1'];
    return JSON.parse(await succeed([...common, ...words])) as SweepSubmitResult;
  };
  const status = async (runs: string, name: string): Promise<SweepStatusResult> =>
    JSON.parse(await succeed(['sweep', 'status', name, '--out', runs, '--json'])) as SweepStatusResult;
  const until = async (
    runs: string,
    name: string,
    isSo: (tasks: readonly Task[], result: SweepStatusResult) => boolean,
  ): Promise<readonly Task[]> => {
    const limit = performance.now() + 200_000;
    for (;;) {
      const result = await status(runs, name);
      if (isSo(result.tasks, result)) return result.tasks;
      if (performance.now() > limit) throw new Error(`waited in vain: ${JSON.stringify(result, null, 1)}`);
      await wait(300);
    }
  };
  const allAre = (state: Task['state']) => (tasks: readonly Task[]) =>
    tasks.every((task) => task.state === state);
  const hasMeasured = (tasks: readonly Task[]): boolean =>
    tasks[0]?.state === 'running' && tasks[0].val_loss !== null;
  const jobsOf = async (job: string): Promise<readonly string[]> =>
    (await cluster.ask('squeue', ['-h', '-r', '-j', job, '-o', '%T'])).trim().split('\n');
  const jobOf = (runs: string, name: string): string => {
    const lines = readFileSync(join(runs, `${name}.sweep`, 'submissions.jsonl'), 'utf8');
    return [...lines.matchAll(/"job":"(\d+)"/g)].at(-1)?.[1] ?? '';
  };
  const logOf = (runs: string, name: string): string =>
    readFileSync(join(runs, `${name}.sweep`, 'tasks', '001', 'log.txt'), 'utf8');
  const expectEveryStepOnce = (runs: string, name: string): void => {
    const steps = metricsOf(join(runs, `${name}-001`)).filter((line) => line.includes('"step"'));
    const { iterations } = JSON.parse(readFileSync(join(runs, `${name}-001`, 'run.json'), 'utf8')) as {
      iterations: number;
    };
    const found = steps.map((line) => Number(/"i":(\d+)/.exec(line)?.[1]));
    expect(found).toEqual(Array.from({ length: iterations }, (_, place) => place + 1));
  };
  const expectAsUntouched = (runs: string): void => {
    const [one, other] = [join(untouched, 'sea-001'), join(runs, 'sea-001')];
    expect(metricsOf(other)).toEqual(metricsOf(one));
    const checkpoints = readdirSync(join(one, 'checkpoints')).toSorted();
    expect(readdirSync(join(other, 'checkpoints')).toSorted()).toEqual(checkpoints);
    expect(checkpoints.length).toBeGreaterThan(4);
    for (const name of checkpoints) {
      const [left, right] = [one, other].map((path) => readFileSync(join(path, 'checkpoints', name)));
      expect(left?.equals(right ?? Buffer.of()), name).toBe(true);
    }
  };

  it('saves before its time limit, asks for another turn and resumes', async () => {
    const runs = join(folder, 'limit');
    // An attempt has 45 seconds until the signal.
    await plan(runs, 'long', ...long(60_000));
    await submit(runs, 'long', '--time', '1');
    const [task] = await until(runs, 'long', allAre('finished'));
    expect(task?.attempts).toBeGreaterThan(1);
    expect(logOf(runs, 'long')).toContain('the job asks for another turn');
    expectEveryStepOnce(runs, 'long');
  }, 240_000);

  it('trains at most as many at the same time as allowed, and submits nothing twice', async () => {
    const runs = join(folder, 'array');
    await plan(runs, 'many', '--vary', 'rnn-size=8,12', '--seeds', '2', ...long(6000));
    const { tasks } = await submit(runs, 'many', '--time', '5', '--at-once', '2');
    expect(tasks).toEqual([1, 2, 3, 4]);
    expect((await submit(runs, 'many', '--time', '5')).tasks).toEqual([]);
    const most: number[] = [];
    const ended = await until(runs, 'many', (all, { counts }) => {
      most.push(counts.running);
      return all.every(({ state }) => state === 'finished');
    });
    expect(Math.max(...most)).toBe(2);
    expect(ended.map(({ node }) => nodes.some((name) => name === node))).toEqual([true, true, true, true]);
    expect((await submit(runs, 'many', '--time', '5')).tasks).toEqual([]);
  }, 240_000);

  it('cancels a run that trains and one that waits, and resumes exactly', async () => {
    const runs = join(folder, 'cancel');
    await plan(runs, 'sea', '--vary', 'learning-rate=0.005,0.004');
    await submit(runs, 'sea', '--time', '5', '--at-once', '1');
    const [, waiting] = await until(runs, 'sea', hasMeasured);
    expect(waiting).toMatchObject({
      state: 'waiting',
      reason: 'The limit on runs at the same time (--at-once) is reached.',
    });
    const job = jobOf(runs, 'sea');
    await succeed(['sweep', 'cancel', 'sea', '--out', runs]);
    await until(runs, 'sea', allAre('cancelled'));
    await expect.poll(() => jobsOf(job)).toEqual(['']);
    expect(existsSync(join(runs, 'sea-002'))).toBe(false);
    expect((await submit(runs, 'sea', '--time', '5')).tasks).toEqual([]);
    await succeed(['sweep', 'retry', 'sea', '1', '--cancelled', '--out', runs]);
    await until(runs, 'sea', ([first]) => first?.state === 'finished');
    expectAsUntouched(runs);
  }, 240_000);

  it('is asked in its first second to save, and has another turn', async () => {
    const runs = join(folder, 'early');
    await plan(runs, 'sea');
    await submit(runs, 'sea', '--time', '5');
    // Node has just started: nothing of Charloom's is loaded.
    while (!nodes.some((node) => cluster.runs(node, 'sweep task'))) await wait(5);
    await cluster.ask('scancel', ['--signal=USR1', '--batch', jobOf(runs, 'sea')]);
    await until(runs, 'sea', allAre('finished'));
    expect(logOf(runs, 'sea')).toContain('the job asks for another turn');
    expectAsUntouched(runs);
  }, 240_000);

  it('is trained by one of two jobs, and the other leaves it alone', async () => {
    const runs = join(folder, 'twice');
    await plan(runs, 'sea', ...long(2 * runMilliseconds));
    await submit(runs, 'sea', '--time', '5');
    const [first] = await until(runs, 'sea', hasMeasured);
    const script = join(runs, 'sea.sweep', 'job.sh');
    const another = async (node: string): Promise<string> => {
      const output = join(folder, `second-${node}.txt`);
      const words = ['--wait', '--array=1', '-n1', '-c1', `--nodelist=${node}`, `--output=${output}`, script];
      // It fails where it is refused.
      await cluster.ask('sbatch', words).catch(() => undefined);
      return readFileSync(output, 'utf8');
    };
    const outputs = nodes.map((node) => ({ isSame: node === first?.node, said: another(node) }));
    for (const { isSame, said } of outputs) {
      // Elsewhere a living lock is watched for a sign of life, which may take longer than the run.
      const expected = isSame ? /Process \d+ is using/ : /Process \d+ .*is using|has finished already/;
      expect(await said).toMatch(expected);
    }
    await until(runs, 'sea', allAre('finished'));
    expect((await status(runs, 'sea')).tasks[0]?.attempts).toBe(1);
    expectEveryStepOnce(runs, 'sea');
  }, 240_000);

  it('makes room for a job of a higher priority, and resumes exactly afterwards', async () => {
    const runs = join(folder, 'preempted');
    await plan(runs, 'sea');
    await submit(runs, 'sea', '--time', '5');
    await until(runs, 'sea', hasMeasured);
    await cluster.ask('sbatch', ['-p', 'high', '-N2', '--exclusive', '--output=/dev/null', '--wrap=sleep 4']);
    const [away] = await until(runs, 'sea', ([task]) => task?.state !== 'running');
    expect(away?.state).toBe('restarting');
    const [task] = await until(runs, 'sea', allAre('finished'));
    expect(task?.attempts).toBe(2);
    expectAsUntouched(runs);
  }, 240_000);

  it('resumes on another node when its own is killed, with the same numbers', async () => {
    const runs = join(folder, 'killed');
    await plan(runs, 'sea');
    await submit(runs, 'sea', '--time', '5');
    const [before] = await until(runs, 'sea', hasMeasured);
    const node = before?.node as NodeName;
    expect(nodes).toContain(node);
    await cluster.killNode(node);
    const [after] = await until(runs, 'sea', allAre('finished'));
    cluster.startNode(node);
    expect(after).toMatchObject({ attempts: 2 });
    expect(nodes.filter((name) => name !== node)).toContain(after?.node);
    expectAsUntouched(runs);
  }, 240_000);

  it('trains on while Slurm’s controller is away, and is found again afterwards', async () => {
    const runs = join(folder, 'controller');
    await plan(runs, 'sea');
    await submit(runs, 'sea', '--time', '5');
    await until(runs, 'sea', hasMeasured);
    await cluster.stopController();
    const { tasks, remarks } = await status(runs, 'sea');
    expect(['running', 'finished']).toContain(tasks[0]?.state);
    expect(remarks.join()).toContain('Which jobs wait and run is not known here');
    const refused = await run(['sweep', 'submit', 'sea', '--out', runs, '--time', '5']);
    expect(refused.code).toBe(7);
    cluster.startController();
    await until(runs, 'sea', allAre('finished'));
    expectAsUntouched(runs);
  }, 240_000);

  it('is followed by a workbench on the login node, in Slurm’s words', async () => {
    const runs = join(folder, 'watched');
    await plan(runs, 'sea', '--vary', 'learning-rate=0.005,0.004');
    await submit(runs, 'sea', '--time', '5', '--at-once', '1');
    await until(runs, 'sea', hasMeasured);
    const home = temporaryFolder('slurm-home');
    const served = await Served.start(['--out', runs], {
      env: { ...cluster.environment, CHARLOOM_HOME: home },
    });
    try {
      const { heard, socket } = await served.open('sweeps.watch', { sweep: 'sea.sweep' });
      const { tasks } = await heard.item(({ counts }) => counts.running === 1 && counts.waiting === 1);
      expect(tasks[1]?.reason).toBe('The limit on runs at the same time (--at-once) is reached.');
      expect(nodes).toContain(tasks[0]?.node);
      const { best, progress } = await heard.item(({ counts }) => counts.finished === 2);
      expect({ isThere: best !== null, progress }).toEqual({ isThere: true, progress: 1 });
      socket.close();
    } finally {
      served.running.process.kill('SIGTERM');
      await served.running.finished;
    }
  }, 240_000);

  it('quotes Slurm where it refuses, and nothing counts as submitted', async () => {
    const runs = join(folder, 'refused');
    await plan(runs, 'sea');
    const common = ['sweep', 'submit', 'sea', '--out', runs, '--time', '5'];
    const { code, stderr } = await run([...common, '--partition', 'nowhere']);
    expect(code).toBe(7);
    expect(stderr).toContain('invalid partition specified: nowhere');
    expect(stderr).toContain('sinfo -s');
    const { tasks, remarks } = await status(runs, 'sea');
    expect(tasks[0]?.state).toBe('planned');
    expect(remarks.join()).toContain('The last submission was refused');
  }, 60_000);
});

/** The lines of a run's metrics without their durations. */
function metricsOf(run: string): readonly string[] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.map((line) => line.replace(/,"ms":[\d.e-]+/, ''));
}
