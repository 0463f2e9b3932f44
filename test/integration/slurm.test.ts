import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Served } from '../support/served.ts';
import { nodes } from '../support/slurm/configuration.ts';
import { saySkipped, slurmVersion, whyNoSlurm } from '../support/slurm/requirements.ts';
import { stepsOf } from '../support/slurm/run-numbers.ts';
import { allAre, ClusterSweeps, hasMeasured } from '../support/slurm/sweeps.ts';
import { temporaryFolder } from '../support/texts.ts';

const whyNot = whyNoSlurm();
saySkipped('Sweeps on a real Slurm', whyNot);
const atOnceReached = 'The limit on runs at the same time (--at-once) is reached.';

describe.skipIf(whyNot !== undefined)(`sweeps on ${slurmVersion()}`, () => {
  let sweeps: ClusterSweeps | undefined;
  const the = (): ClusterSweeps => sweeps ?? expect.fail('no cluster');

  beforeAll(async () => {
    sweeps = await ClusterSweeps.start('slurm');
  }, 120_000);

  afterAll(async () => {
    const ended = await sweeps?.stop();
    // Nothing may be left behind, and what there was before was really seen.
    expect(ended?.before).toBeGreaterThan(0);
    expect(ended?.left).toBe(0);
  }, 60_000);

  it('trains at most as many at the same time as allowed, and submits nothing twice', async () => {
    const runs = join(the().folder, 'array');
    await the().plan(runs, 'many', '--vary', 'rnn-size=8,12', '--seeds', '2', ...the().lasting(3000));
    const { tasks } = await the().submit(runs, 'many', '--time', '5', '--at-once', '2');
    expect(tasks).toEqual([1, 2, 3, 4]);
    expect((await the().submit(runs, 'many', '--time', '5')).tasks).toEqual([]);
    const most: number[] = [];
    const ended = await the().until(runs, 'many', (all, { counts }) => {
      most.push(counts.running);
      return all.every(({ state }) => state === 'finished');
    });
    expect(Math.max(...most)).toBe(2);
    expect(ended.map(({ node }) => nodes.some((name) => name === node))).toEqual([true, true, true, true]);
    expect((await the().submit(runs, 'many', '--time', '5')).tasks).toEqual([]);
  }, 240_000);

  it('is trained by one of two jobs, and the other leaves it alone', async () => {
    const runs = join(the().folder, 'twice');
    await the().plan(runs, 'sea', ...the().lasting(20_000));
    await the().submit(runs, 'sea', '--time', '5');
    const [first] = await the().until(runs, 'sea', hasMeasured);
    const script = join(runs, 'sea.sweep', 'job.sh');
    const another = async (node: string): Promise<string> => {
      const output = join(the().folder, `second-${node}.txt`);
      const words = ['--wait', '--array=1', '-n1', '-c1', `--nodelist=${node}`, `--output=${output}`, script];
      // It fails where it is refused.
      await the()
        .cluster.ask('sbatch', words)
        .catch(() => undefined);
      return readFileSync(output, 'utf8');
    };
    const outputs = nodes.map((node) => ({ isSame: node === first?.node, said: another(node) }));
    for (const { isSame, said } of outputs) {
      // Elsewhere a living lock is watched for a sign of life, which may take longer than the run.
      const expected = isSame ? /Process \d+ is using/ : /Process \d+ .*is using|has finished already/;
      expect(await said).toMatch(expected);
    }
    await the().until(runs, 'sea', allAre('finished'));
    expect((await the().status(runs, 'sea')).tasks[0]?.attempts).toBe(1);
    const { found, expected } = stepsOf(join(runs, 'sea-001'));
    expect(found).toEqual(expected);
  }, 240_000);

  it('is followed by a workbench on the login node, in Slurm’s words', async () => {
    const runs = join(the().folder, 'watched');
    await the().plan(runs, 'sea', '--vary', 'learning-rate=0.005,0.004', ...the().lasting(16_000));
    await the().submit(runs, 'sea', '--time', '5', '--at-once', '1');
    // A workbench asks Slurm every few seconds: when it first does, Slurm has said why the second task waits.
    await the().until(runs, 'sea', ([, second]) => second?.reason === atOnceReached);
    const env = { CHARLOOM_HOME: temporaryFolder('slurm-home') };
    const served = await Served.start(['--out', runs], { env });
    try {
      const { heard, socket } = await served.open('sweeps.watch', { sweep: 'sea.sweep' });
      // Slurm gives the reason in its next round.
      const { tasks } = await heard.item(
        ({ counts, tasks: [, second] }) => counts.running === 1 && second?.reason === atOnceReached,
      );
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
    const runs = join(the().folder, 'refused');
    await the().plan(runs, 'sea');
    const common = ['sweep', 'submit', 'sea', '--out', runs, '--time', '5'];
    const { code, stderr } = await the().run([...common, '--partition', 'nowhere']);
    expect(code).toBe(7);
    expect(stderr).toContain('invalid partition specified: nowhere');
    expect(stderr).toContain('sinfo -s');
    const { tasks, remarks } = await the().status(runs, 'sea');
    expect(tasks[0]?.state).toBe('planned');
    expect(remarks.join()).toContain('The last submission was refused');
  }, 60_000);
});
