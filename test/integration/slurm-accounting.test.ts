import { mkdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepStatusResult } from '../../src/cli/json-output.ts';
import type { NodeName } from '../support/slurm/configuration.ts';
import { hasKernelLimits } from '../support/slurm/memory-limits.ts';
import { kill } from '../support/slurm/node-processes.ts';
import { saySkipped, slurmVersion, whyNoAccounting } from '../support/slurm/requirements.ts';
import { ClusterSweeps } from '../support/slurm/sweeps.ts';
import { writeText } from '../support/texts.ts';

const whyNot = whyNoAccounting();
saySkipped('Tests of Slurm’s accounting', whyNot);

const error =
  'Its job ended with an error. Its log ends with: The run was killed (SIGKILL). If memory ran out, submit it with more --mem.';
/** A job whose memory Slurm alone limits counts as failed; its log says why. */
const limitsMemory = hasKernelLimits() ? 'kernel' : 'slurm';
const memory = {
  kernel: ['OUT_OF_MEMORY', 'Its job needed more memory than it was given: submit it with more --mem.'],
  slurm: ['FAILED', expect.stringMatching(/Its log ends with: .*Exceeded job memory limit$/) as string],
} as const;
const cancelled = 'Its job was cancelled with scancel.';
/** Ends of jobs: the sweep, its task, Slurm's word, ours, and why. */
const ends = [
  ['ends', 1, 'FAILED', 'failed', error],
  ['ends', 2, 'CANCELLED', 'cancelled', cancelled],
  ['ends', 3, 'CANCELLED', 'cancelled', cancelled],
  ['hung', 1, 'TIMEOUT', 'failed', 'Its job reached its time limit.'],
  ['greedy', 1, memory[limitsMemory][0], 'failed', memory[limitsMemory][1]],
] as const;

describe.skipIf(whyNot !== undefined)(`jobs that the queue of ${slurmVersion()} has forgotten`, () => {
  let sweeps: ClusterSweeps | undefined;
  const the = (): ClusterSweeps => sweeps ?? expect.fail('no cluster');
  let runs: string;

  beforeAll(async () => {
    sweeps = await ClusterSweeps.start('slurm-accounting', {
      processors: 4,
      isAccounted: true,
      limitsMemory,
    });
    runs = join(sweeps.folder, 'runs');
    await startJobs();
    await endJobs();
    const isForgotten = async (): Promise<boolean> =>
      (await the().cluster.ask('squeue', ['--noheader', '--states=all'])) === '';
    while (!(await isForgotten())) await wait(500);
  }, 400_000);

  afterAll(async () => {
    await sweeps?.stop();
  }, 60_000);

  async function startJobs(): Promise<void> {
    const long = the().lasting(300_000);
    // A module that never loads and heeds no signal.
    const setup = writeText(the().folder, 'hang.sh', 'bash -c \'trap "" TERM; while :; do sleep 1; done\'\n');
    await the().plan(runs, 'hung', ...long);
    await the().submit(runs, 'hung', '--time', '1', '--setup', setup);
    // The weights alone take more than the job may have.
    await the().plan(runs, 'greedy', '--vary', 'rnn-size=4000', ...long);
    await the().submit(runs, 'greedy', '--time', '5', '--mem', '400M');
    await the().plan(runs, 'ends', '--vary', 'learning-rate=0.005', '--seeds', '3', ...long);
    await the().submit(runs, 'ends', '--time', '5', '--at-once', '2');
  }

  async function endJobs(): Promise<void> {
    const { cluster } = the();
    const [first] = await the().until(runs, 'ends', ([one, two, three]) => {
      const isMeasured = [one, two].every((task) => typeof task?.loss === 'number');
      return isMeasured && three?.state === 'waiting';
    });
    const job = the().jobOf(runs, 'ends');
    await cluster.ask('scancel', [`${job}_3`]);
    await cluster.ask('scancel', [`${job}_2`]);
    const processes = cluster.find(first?.node as NodeName, `sweep task ${join(runs, 'ends.sweep')} 1 `);
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) kill(pid, 'SIGKILL');
  }

  const taskOf = ({ tasks }: SweepStatusResult, index: number) => {
    const { state, reason } = tasks.find(({ task }) => task === index) ?? {};
    return { state, reason };
  };

  it.each(ends)('are told apart: task %s %i, %s', async (name, index, word, state, reason) => {
    const job = the().jobOf(runs, name);
    const words = ['--noheader', '--parsable2', '--allocations', '--format=JobID,State', `--jobs=${job}`];
    const lines = (await the().cluster.ask('sacct', words)).split('\n');
    // Elements that never started share a line.
    const own =
      lines.find((line) => line.startsWith(`${job}_${index}|`)) ?? lines.find((line) => line.includes('['));
    expect(own?.split('|')[1]).toMatch(new RegExp(`^${word}`));
    expect(taskOf(await the().status(runs, name), index)).toEqual({ state, reason });
  });

  it('are lost where there is no accounting, and what was saved is not', async () => {
    // All of Slurm's commands but one.
    const programs = join(the().folder, 'programs');
    mkdirSync(programs);
    for (const name of ['squeue', 'scontrol']) {
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(programs, name));
    }
    const path = process.env['PATH'] ?? '';
    const without = [['no sacct', { PATH: programs }] as const, ['no answer', { PATH: path }] as const];
    for (const [what, env] of without) {
      if (what === 'no answer') await the().cluster.stopAccounting();
      const status = await the().status(runs, 'ends', env);
      const found = [1, 2, 3].map((index) => taskOf(status, index).state);
      expect(found, what).toEqual(['lost', 'stopped', 'lost']);
    }
  });

  it('quotes Slurm where an account does not exist', async () => {
    const common = ['sweep', 'retry', 'ends', '1', '--lost', '--out', runs, '--account', 'nobody'];
    const { code, stderr } = await the().run(common);
    expect(code).toBe(7);
    expect(stderr).toContain('Invalid account');
    expect(stderr).toContain('--account names it');
  });
});
