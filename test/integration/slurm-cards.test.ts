import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes } from '../support/slurm/configuration.ts';
import { slurmVersion, whyNoAccounting, whyNoSlurm } from '../support/slurm/requirements.ts';
import { allAre, ClusterSweeps } from '../support/slurm/sweeps.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';

const isAccounted = whyNoAccounting() === undefined;

describe.skipIf(whyNoSlurm() !== undefined)(`a card for each run on ${slurmVersion()}`, () => {
  let sweeps: ClusterSweeps | undefined;
  const the = (): ClusterSweeps => sweeps ?? expect.fail('no cluster');

  beforeAll(async () => {
    sweeps = await ClusterSweeps.start('slurm-cards', { processors: 4, cards: 2, isAccounted });
  }, 180_000);

  afterAll(async () => {
    await sweeps?.stop();
  }, 60_000);

  /** Submits one run and waits for the reason why it waits; then it is cancelled. */
  const reasonOf = async (name: string, ...words: readonly string[]): Promise<string | null> => {
    const runs = join(the().folder, name);
    await the().plan(runs, 'sea');
    await the().submit(runs, 'sea', '--time', '5', '--gpus', '1', ...words);
    const [task] = await the().until(runs, 'sea', ([one]) => one?.state === 'waiting' && one.reason !== null);
    await the().succeed(['sweep', 'cancel', 'sea', '--out', runs]);
    return task?.reason ?? null;
  };

  it('is its own: no other run has it, and the run knows which it is', async () => {
    const runs = join(the().folder, 'cards');
    const held = join(the().folder, 'held');
    mkdirSync(held);
    // Two jobs on one card would make the same folder.
    const setup = writeText(
      the().folder,
      'setup.sh',
      [
        `card="${held}/$SLURMD_NODENAME-$CUDA_VISIBLE_DEVICES"`,
        'echo "uses card $CUDA_VISIBLE_DEVICES of $SLURMD_NODENAME"',
        'mkdir "$card" || exit 9',
        `trap 'rmdir "$card"' EXIT`,
      ].join('\n'),
    );
    await the().plan(
      runs,
      'sea',
      '--vary',
      'learning-rate=0.005,0.004',
      '--seeds',
      '3',
      ...the().lasting(4000),
    );
    const { arrays } = await the().submit(runs, 'sea', '--time', '5', '--gpus', '1', '--setup', setup);
    expect(arrays[0]?.command).toContain('--gres=gpu:1');
    const seen = new Set<string | undefined>();
    const counts = new Set<number>();
    const reasons = new Set<string | null>();
    const tasks = await the().until(runs, 'sea', (all, { counts: { running } }) => {
      counts.add(running);
      for (const { state, reason } of all) if (state === 'waiting') reasons.add(reason);
      for (const node of nodes) {
        for (const { CUDA_VISIBLE_DEVICES: card } of the().cluster.environmentsOf(node, 'sweep task'))
          seen.add(card === undefined ? card : `${node} ${card}`);
      }
      return all.every(({ state }) => state === 'finished' || state === 'failed');
    });
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'finished'));
    // There are processors for all six, and cards for four.
    expect(Math.max(...counts)).toBe(4);
    expect(reasons).toContain('It waits for processors, memory or cards to be free.');
    expect([...seen].toSorted()).toEqual(['node1 0', 'node1 1', 'node2 0', 'node2 1']);
    for (const { index } of tasks)
      expect(the().logOf(runs, 'sea', index)).toMatch(/^uses card [01] of node[12]$/m);
    // The processor trains these: there is no card behind the device files.
    const { remarks } = await the().status(runs, 'sea');
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(
      /^6 tasks \(1-6\): Its job has a graphics card, but the processor trains the run/,
    );
  }, 240_000);

  it('is missed in words where no engine can use it', async () => {
    const runs = join(the().folder, 'no-engine');
    await the().plan(runs, 'sea', '--backend', 'tensorflow');
    const env = { CHARLOOM_HOME: temporaryFolder('no-engine') };
    await the().submitWith(env, runs, 'sea', '--time', '5', '--gpus', '1');
    const [task] = await the().until(runs, 'sea', allAre('failed'));
    expect(task?.reason).toMatch(
      /^Its job ended with an error\. Its log ends with: The TensorFlow engine is not installed\. .*engine install tensorflow/,
    );
  }, 120_000);

  it('is asked for in vain where no node has so many', async () => {
    const runs = join(the().folder, 'too-many');
    await the().plan(runs, 'sea');
    const { code, stderr } = await the().run([
      'sweep',
      'submit',
      'sea',
      '--out',
      runs,
      '--time',
      '5',
      '--gpus',
      '3',
    ]);
    expect(code).toBe(7);
    expect(stderr).toContain('Requested node configuration is not available');
    expect(stderr).toContain('Ask for less with --mem, --cpus or --gpus.');
  });

  it('is waited for on a node that is not available', async () => {
    await the().cluster.ask('scontrol', ['update', 'NodeName=node2', 'State=DRAIN', 'Reason=test']);
    expect(await reasonOf('drained', '--sbatch=--nodelist=node2')).toBe(
      'Nodes that it needs are down, drained or reserved.',
    );
    await the().cluster.ask('scontrol', ['update', 'NodeName=node2', 'State=RESUME']);
  }, 120_000);

  it.skipIf(!isAccounted)(
    'is waited for where an account may have no more',
    async () => {
      const { cluster } = the();
      await cluster.ask('sacctmgr', ['--immediate', 'add', 'account', 'poor', 'set', 'GrpTRES=gres/gpu=0']);
      await cluster.ask('sacctmgr', ['--immediate', 'add', 'user', 'root', 'account=poor']);
      expect(await reasonOf('poor', '--account', 'poor')).toBe(
        'The limit of your account on cards is reached (AssocGrpGRES).',
      );
    },
    120_000,
  );
});
