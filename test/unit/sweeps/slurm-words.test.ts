import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastWords } from '../../../src/node/sweeps/task-log.ts';
import { endedJobsIn } from '../../../src/processes/slurm/accounting.ts';
import { checkShell } from '../../../src/processes/slurm/check-shell.ts';
import { sbatchWords } from '../../../src/processes/slurm/job-options.ts';
import { cardRemark } from '../../../src/runs/sweeps/card-remark.ts';
import { pendingSentence } from '../../../src/runs/sweeps/pending-reason.ts';
import { temporaryFolder, writeText } from '../../support/texts.ts';

describe('Slurm’s accounting', () => {
  it('tells how jobs ended, with elements that never started in one line', () => {
    const lines = [
      '17_1|COMPLETED|node1',
      '17_2|CANCELLED by 1000|node2',
      '17_[4-5,7%2]|CANCELLED by 0|None assigned',
    ];
    const jobs = new Map(endedJobsIn([...lines, '18_[1-5:2]|NODE_FAIL|', ''].join('\n')));
    expect(jobs.get('17_1')).toEqual({ state: 'COMPLETED', reason: null, node: 'node1' });
    expect(jobs.get('17_2')).toEqual({ state: 'CANCELLED', reason: null, node: 'node2' });
    expect(jobs.get('17_5')).toEqual({ state: 'CANCELLED', reason: null, node: null });
    expect([...jobs.keys()].toSorted()).toEqual([
      '17_1',
      '17_2',
      '17_4',
      '17_5',
      '17_7',
      '18_1',
      '18_3',
      '18_5',
    ]);
  });

  it('has the word on an element in its own line, where a shared one still lists it', () => {
    const lines = ['17_1|FAILED|node1', '17_2|RUNNING|node1', '17_[1-3%2]|CANCELLED by 0|None assigned'];
    const jobs = new Map(endedJobsIn(lines.join('\n')));
    expect([...jobs.keys()].toSorted()).toEqual(['17_1', '17_3']);
    expect(jobs.get('17_1')?.state).toBe('FAILED');
  });

  it('is not believed where it has missed the end of a job', () => {
    expect(
      endedJobsIn('17_1|RUNNING|node1\n17_[2-9]|PENDING|None assigned\n17_3|REQUEUED|node1\nnonsense'),
    ).toEqual([]);
  });
});

describe('why a job waits', () => {
  it.each([
    ['Resources', 'It waits for processors, memory or cards to be free.'],
    ['ReqNodeNotAvail, UnavailableNodes:node1', 'Nodes that it needs are down, drained or reserved.'],
    [
      'Nodes_required_for_job_are_DOWN,_DRAINED_or_reserved_for_jobs_in_higher_priority_partitions',
      'Nodes that it needs are down, drained or reserved.',
    ],
    ['AssocGrpGRES', 'The limit of your account on cards is reached (AssocGrpGRES).'],
    [
      'AssocGrpCPURunMinutesLimit',
      'The limit of your account on processors is reached (AssocGrpCPURunMinutesLimit).',
    ],
    [
      'QOSMaxJobsPerUserLimit',
      'The limit of your quality of service (QOS) on jobs is reached (QOSMaxJobsPerUserLimit).',
    ],
    [
      'QOSMaxWallDurationPerJobLimit',
      'The limit of your quality of service (QOS) on time is reached (QOSMaxWallDurationPerJobLimit).',
    ],
    ['AssociationResourceLimit', 'The limit of your account is reached (AssociationResourceLimit).'],
    ['QOSNotAllowed', 'Slurm says: QOSNotAllowed.'],
  ])('%s', (word, sentence) => {
    expect(pendingSentence(word)).toBe(sentence);
  });
});

describe('the end of a log', () => {
  it('is its last line, or Charloom’s own error with its fix', async () => {
    const folder = temporaryFolder('log');
    const endOf = (text: string) => lastWords(writeText(folder, 'log.txt', text));
    expect(await endOf('one\ntwo\n\n')).toBe('two');
    expect(await endOf('one\ncharloom: It is not there.\n  Install it.\n')).toBe(
      'It is not there. Install it.',
    );
    expect(await endOf(`${'long '.repeat(5000)}\nend`)).toBe('end');
    expect(await endOf('\n')).toBe(null);
    expect(await lastWords(join(folder, 'none.txt'))).toBe(null);
  });
});

describe.skipIf(process.platform === 'win32')('lines of shell for a job', () => {
  it('are read and not run', async () => {
    const folder = temporaryFolder('setup');
    await checkShell(`touch ${join(folder, 'ran')}\nmodule load nodejs/24 || exit\n`, 'setup.sh');
    await expect(checkShell('module load "nodejs\n', 'setup.sh')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        /^The setup file setup\.sh is no valid shell script: line \d+: .*matching/,
      ) as string,
    });
    writeFileSync(join(folder, 'ran'), '', { flag: 'wx' });
  });
});

describe('a job with a graphics card', () => {
  const embedded = { name: 'wasm', device: 'processor, 1 thread, SIMD' };
  const job = { SLURM_JOB_ID: '5', CUDA_VISIBLE_DEVICES: '0' };
  it('says so where the processor trains the run, and only there', () => {
    expect(cardRemark(embedded, job)).toContain('(processor, 1 thread, SIMD)');
    expect(cardRemark({ name: 'tensorflow', device: 'CPU, 2 threads, TensorFlow 2.9.1' }, job)).toContain(
      'TensorFlow 2.9.1',
    );
    expect(cardRemark({ name: 'tensorflow', device: 'NVIDIA A100, TensorFlow 2.9.1' }, job)).toBe(null);
    expect(cardRemark({ name: 'webgpu', device: 'NVIDIA A100' }, job)).toBe(null);
    expect(cardRemark(embedded, { SLURM_JOB_ID: '5', CUDA_VISIBLE_DEVICES: '' })).toBe(null);
    expect(cardRemark(embedded, { CUDA_VISIBLE_DEVICES: '0' })).toBe(null);
  });
});

describe('the options of sbatch', () => {
  it.each([
    ['2:00:00', 120],
    ['5', 75],
    ['1', 15],
    ['0:20', 10],
  ])('ask for a signal before a limit of %s', (time, seconds) => {
    const words = sbatchWords(
      {
        ...{ time, cpus: 2, memory: '2G', gpus: 1, partition: null, account: null, atOnce: 20 },
        ...{ setup: null, wrap: null, extra: [], charloom: ['charloom'] },
      },
      { jobName: 'sea', folder: '/sea.sweep', elements: '1-5', output: 'log.txt' },
    );
    expect(words).toContain(`--signal=B:USR1@${seconds}`);
    expect(words).toContain('--gres=gpu:1');
  });
});
