import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes, type NodeName } from '../support/slurm/configuration.ts';
import { slurmVersion, whyNoSlurm } from '../support/slurm/requirements.ts';
import { numbersOf, stepsOf } from '../support/slurm/run-numbers.ts';
import { allAre, ClusterSweeps, hasMeasured } from '../support/slurm/sweeps.ts';

const anotherTurn = 'the job asks for another turn';

describe.skipIf(whyNoSlurm() !== undefined)(`a run that ${slurmVersion()} interrupts`, () => {
  let sweeps: ClusterSweeps | undefined;
  const the = (): ClusterSweeps => sweeps ?? expect.fail('no cluster');
  /** What a run computes that nothing interrupts, of a sweep that the tests plan in folders of their own. */
  let untouched: ReturnType<typeof numbersOf>;

  beforeAll(async () => {
    sweeps = await ClusterSweeps.start('slurm-interruptions');
    const runs = join(sweeps.folder, 'untouched');
    await sweeps.trainHere(runs);
    untouched = numbersOf(join(runs, 'sea-001'));
    expect(untouched.checkpoints.length).toBeGreaterThan(4);
  }, 240_000);

  afterAll(async () => {
    await sweeps?.stop();
  }, 60_000);

  const started = async (name: string, ...words: readonly string[]): Promise<string> => {
    const runs = join(the().folder, name);
    await the().plan(runs, 'sea');
    await the().submit(runs, 'sea', '--time', '5', ...words);
    return runs;
  };

  it('saves before its time limit, asks for another turn and resumes', async () => {
    const runs = join(the().folder, 'limit');
    // Slurm looks at limits every 30 seconds: it warns a job in its first half minute when the warning is 50 seconds before the end of the minute.
    await the().plan(runs, 'sea', ...the().lasting(34_000));
    await the().submit(runs, 'sea', '--time', '1', '--sbatch=--signal=B:USR1@50');
    await the().until(runs, 'sea', ([task]) => (task?.attempts ?? 0) > 1);
    // Once is enough: on a busy machine the run would need many turns.
    const job = `JobId=${the().jobOf(runs, 'sea')}_1`;
    await the().cluster.ask('scontrol', ['update', job, 'TimeLimit=30']);
    await the().until(runs, 'sea', allAre('finished'));
    expect(the().logOf(runs, 'sea')).toContain(anotherTurn);
    const { found, expected } = stepsOf(join(runs, 'sea-001'));
    expect(found).toEqual(expected);
  }, 240_000);

  it('is asked in its first second to save, and has another turn', async () => {
    const runs = await started('early');
    // Node has just started: nothing of Charloom's is loaded.
    while (!nodes.some((node) => the().cluster.runs(node, 'sweep task'))) await wait(5);
    await the().cluster.ask('scancel', ['--signal=USR1', '--batch', the().jobOf(runs, 'sea')]);
    await the().until(runs, 'sea', allAre('finished'));
    expect(the().logOf(runs, 'sea')).toContain(anotherTurn);
    expect(numbersOf(join(runs, 'sea-001'))).toEqual(untouched);
  }, 240_000);

  it('is cancelled while another waits, and resumes exactly when it is retried', async () => {
    const runs = join(the().folder, 'cancelled');
    await the().plan(runs, 'sea', '--vary', 'learning-rate=0.005,0.004');
    await the().submit(runs, 'sea', '--time', '5', '--at-once', '1');
    const [, waiting] = await the().until(runs, 'sea', hasMeasured);
    expect(waiting).toMatchObject({
      state: 'waiting',
      reason: 'The limit on runs at the same time (--at-once) is reached.',
    });
    const job = the().jobOf(runs, 'sea');
    await the().succeed(['sweep', 'cancel', 'sea', '--out', runs]);
    await the().until(runs, 'sea', allAre('cancelled'));
    const jobsOf = (): Promise<string> => the().cluster.ask('squeue', ['-h', '-r', '-j', job, '-o', '%T']);
    await expect.poll(async () => (await jobsOf()).trim()).toBe('');
    expect(existsSync(join(runs, 'sea-002'))).toBe(false);
    expect((await the().submit(runs, 'sea', '--time', '5')).tasks).toEqual([]);
    await the().succeed(['sweep', 'retry', 'sea', '1', '--cancelled', '--out', runs]);
    await the().until(runs, 'sea', ([first]) => first?.state === 'finished');
    expect(numbersOf(join(runs, 'sea-001'))).toEqual(untouched);
  }, 240_000);

  it('makes room for a job of a higher priority, and resumes exactly afterwards', async () => {
    const runs = await started('preempted');
    await the().until(runs, 'sea', hasMeasured);
    const important = ['-p', 'high', '-N2', '--exclusive', '--output=/dev/null', '--wrap=sleep 4'];
    await the().cluster.ask('sbatch', important);
    const [away] = await the().until(runs, 'sea', ([task]) => task?.state !== 'running');
    expect(away?.state).toBe('restarting');
    const [task] = await the().until(runs, 'sea', allAre('finished'));
    expect(task?.attempts).toBe(2);
    expect(numbersOf(join(runs, 'sea-001'))).toEqual(untouched);
  }, 240_000);

  it('resumes on another node when its own is killed, with the same numbers', async () => {
    const runs = await started('killed');
    const [before] = await the().until(runs, 'sea', hasMeasured);
    const node = before?.node as NodeName;
    expect(nodes).toContain(node);
    await the().cluster.killNode(node);
    const [after] = await the().until(runs, 'sea', allAre('finished'));
    the().cluster.startNode(node);
    expect(after).toMatchObject({ attempts: 2 });
    expect(nodes.filter((name) => name !== node)).toContain(after?.node);
    expect(numbersOf(join(runs, 'sea-001'))).toEqual(untouched);
  }, 240_000);

  it('trains on while Slurm’s controller is away, and is found again afterwards', async () => {
    const runs = await started('controller');
    await the().until(runs, 'sea', hasMeasured);
    await the().cluster.stopController();
    const { tasks, remarks } = await the().status(runs, 'sea');
    expect(['running', 'finished']).toContain(tasks[0]?.state);
    expect(remarks.join()).toContain('Which jobs wait and run is not known here');
    const refused = await the().run(['sweep', 'submit', 'sea', '--out', runs, '--time', '5']);
    expect(refused.code).toBe(7);
    the().cluster.startController();
    await the().until(runs, 'sea', allAre('finished'));
    expect(numbersOf(join(runs, 'sea-001'))).toEqual(untouched);
  }, 240_000);
});
