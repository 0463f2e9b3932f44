import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodes } from '../support/slurm/configuration.ts';
import { slurmVersion, whyNoSlurm } from '../support/slurm/requirements.ts';
import { numbersOf } from '../support/slurm/run-numbers.ts';
import { allAre, ClusterSweeps, hasMeasured } from '../support/slurm/sweeps.ts';
import { canMount, fillDisk, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';

const isMountable = canMount(join(temporaryFolder('slurm-disk'), 'probe'));

describe.skipIf(whyNoSlurm() !== undefined)(`what a run finds on a node of ${slurmVersion()}`, () => {
  let sweeps: ClusterSweeps | undefined;
  const the = (): ClusterSweeps => sweeps ?? expect.fail('no cluster');

  beforeAll(async () => {
    sweeps = await ClusterSweeps.start('slurm-environment');
  }, 120_000);

  afterAll(async () => {
    await sweeps?.stop();
  }, 60_000);

  const planned = async (name: string): Promise<string> => {
    const runs = join(the().folder, name);
    await the().plan(runs, 'sea', ...the().lasting(3000));
    return runs;
  };
  const setupFile = (name: string, ...lines: readonly string[]): string =>
    writeText(the().folder, `${name}.sh`, lines.join('\n'));

  it('has what the setup file prepares, and its errors are in the log', async () => {
    const runs = await planned('setup');
    const setup = setupFile('setup', 'module load nodejs/24', 'export SEA_LEVEL="a \'high\' one"');
    await the().submit(runs, 'sea', '--time', '5', '--setup', setup);
    const levels = new Set<string | undefined>();
    await the().until(runs, 'sea', (tasks) => {
      for (const node of nodes)
        for (const { SEA_LEVEL } of the().cluster.environmentsOf(node, 'sweep task')) levels.add(SEA_LEVEL);
      return allAre('finished')(tasks);
    });
    expect([...levels]).toEqual(["a 'high' one"]);
    expect(the().logOf(runs, 'sea')).toContain('module: command not found');
  }, 120_000);

  it('fails in the words of a setup file that ends the job', async () => {
    const runs = await planned('exits');
    const setup = setupFile('exits', 'module load nodejs/24 || exit');
    await the().submit(runs, 'sea', '--time', '5', '--setup', setup);
    const [task] = await the().until(runs, 'sea', allAre('failed'));
    expect(task?.reason).toMatch(
      /^Its job ended with an error\. Its log ends with: .*module: command not found$/,
    );
  }, 120_000);

  it('is not submitted with a setup file that is no shell script', async () => {
    const runs = await planned('typo');
    const setup = setupFile('typo', 'module load "nodejs/24');
    const words = ['sweep', 'submit', 'sea', '--out', runs, '--time', '5', '--setup', setup];
    const { code, stderr } = await the().run(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/typo\.sh is no valid shell script: line \d+: .*matching/);
    expect((await the().status(runs, 'sea')).tasks[0]?.state).toBe('planned');
  });

  describe.skipIf(!isMountable)('a full disk', () => {
    let disk: SmallDisk | undefined;
    afterAll(() => disk?.unmount());

    it('is noted, makes the run wait, loses nothing, and is over when there is room', async () => {
      disk = mountSmallDisk(join(the().folder, 'disk'), 20_000_000);
      const runs = disk?.folder ?? '';
      const whole = join(the().folder, 'whole');
      await the().trainHere(whole, ...the().lasting(4000));
      await the().plan(runs, 'sea', ...the().lasting(4000));
      await the().plan(runs, 'other');
      await the().submit(runs, 'sea', '--time', '5');
      await the().until(runs, 'sea', hasMeasured);
      fillDisk(join(runs, 'ballast'));
      const waits = 'The disk is full: the run waits until space is free. It needs';
      await the().until(runs, 'sea', () => the().logOf(runs, 'sea').includes(waits));
      const { tasks, remarks } = await the().status(runs, 'sea');
      expect(tasks[0]?.state).toBe('running');
      const full = `The disk of ${runs} is full (0 bytes free): runs that cannot save wait until space is free.`;
      expect(remarks).toEqual([full]);
      const refused = await the().run(['sweep', 'submit', 'other', '--out', runs, '--time', '5']);
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('the disk is full');
      rmSync(join(runs, 'ballast'));
      const [ended] = await the().until(runs, 'sea', allAre('finished'));
      expect(ended?.attempts).toBe(1);
      expect(numbersOf(join(runs, 'sea-001'))).toEqual(numbersOf(join(whole, 'sea-001')));
      expect((await the().status(runs, 'other')).tasks[0]?.state).toBe('planned');
    }, 120_000);
  });
});
