import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrayParts } from '../../../src/processes/slurm/array-parts.ts';
import {
  checkJobOptions,
  limitInSeconds,
  type JobOptions,
} from '../../../src/processes/slurm/job-options.ts';
import { jobScript } from '../../../src/processes/slurm/job-script.ts';
import { temporaryFolder } from '../../support/texts.ts';

const options: JobOptions = {
  ...{ time: '2:00:00', cpus: 2, memory: '2G', gpus: 0, partition: null, account: null },
  ...{ atOnce: 20, setup: null, wrap: null, extra: [], charloom: ['charloom'] },
};

/** Replaces Charloom in a script: records its arguments, then behaves as the test says. */
function scriptIn(folder: string, behaviour: string, more: Partial<JobOptions> = {}): string {
  const program = join(folder, 'it’s "charloom" $(touch hacked)');
  writeFileSync(
    program,
    `#!/bin/bash\nprintf '%s\\n' "$@" > ${JSON.stringify(join(folder, 'words'))}\n${behaviour}\n`,
    {
      mode: 0o755,
    },
  );
  const hostile = join(folder, 'a \'b" $(touch hacked) `touch hacked`; touch hacked & \\');
  mkdirSync(hostile, { recursive: true });
  const chosen = { ...options, charloom: [program], ...more };
  const text = jobScript({
    name: 'sea',
    folder: hostile,
    submission: 3,
    offset: 2000,
    options: chosen,
    command: ['--x'],
  });
  const path = join(folder, 'job.sh');
  writeFileSync(path, text, { mode: 0o755 });
  // A controller that notes what it is asked.
  writeFileSync(join(folder, 'scontrol'), `#!/bin/bash\necho "$@" >> "$(dirname "$0")/asked"\n`, {
    mode: 0o755,
  });
  return path;
}

function runScript(folder: string, script: string, more: readonly string[] = []) {
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    SLURM_ARRAY_TASK_ID: '7',
    SLURM_JOB_ID: '55',
  };
  return spawnSync('bash', [...more, script], { cwd: folder, env, encoding: 'utf8' });
}

const asked = (folder: string): string => {
  try {
    return readFileSync(join(folder, 'asked'), 'utf8');
  } catch {
    return '';
  }
};

describe.skipIf(process.platform === 'win32')('the script of a job', () => {
  it('passes every word on unchanged', () => {
    const folder = temporaryFolder('script');
    const { status } = runScript(folder, scriptIn(folder, 'exit 5'));
    expect(status).toBe(5);
    const words = readFileSync(join(folder, 'words'), 'utf8').trimEnd().split('\n');
    const hostile = join(folder, 'a \'b" $(touch hacked) `touch hacked`; touch hacked & \\');
    expect(words).toEqual(['sweep', 'task', hostile, '2007', '--submission', '3']);
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toMatch(/^hacked$/m);
  });

  it('requeues the job when the run has saved before the time limit, and only then', () => {
    // It signals the script's own shell that the limit is near, and saves when asked.
    const saving = "trap 'exit 75' TERM; kill -USR1 $PPID; while :; do sleep 0.02; done";
    const folder = temporaryFolder('script');
    const { status, stdout } = runScript(folder, scriptIn(folder, saving));
    expect({ status, asked: asked(folder) }).toEqual({ status: 0, asked: 'requeue 55\n' });
    expect(stdout).toContain('another turn');
    const other = temporaryFolder('script');
    expect(runScript(other, scriptIn(other, saving.replace('USR1', 'TERM'))).status).toBe(75);
    expect(asked(other)).toBe('');
    const done = temporaryFolder('script');
    expect(runScript(done, scriptIn(done, saving.replace('exit 75', 'exit 0'))).status).toBe(0);
    expect(asked(done)).toBe('');
  });

  it('passes on a signal that arrives during the setup', () => {
    const folder = temporaryFolder('script');
    const script = scriptIn(folder, "trap 'exit 75' TERM; while :; do sleep 0.02; done", {
      setup: 'kill -USR1 $$',
    });
    expect(runScript(folder, script).status).toBe(0);
    expect(asked(folder)).toBe('requeue 55\n');
  });

  it.each([
    ['time', { time: '2h' }],
    ['memory', { memory: '2G\n#SBATCH --uid=0' }],
    ['partition', { partition: 'low; rm -rf /' }],
    ['account', { account: '$(id)' }],
    ['wrap', { wrap: 'apptainer exec x.sif\nrm -rf /' }],
    ['extra', { extra: ['--comment=a\nb'] }],
  ] as const)('is not written with a hostile %s', (_, change) => {
    expect(() => checkJobOptions({ ...options, ...change })).toThrow();
  });
});

describe('time limits and arrays', () => {
  it.each([
    ['90', 5400],
    ['1:30', 90],
    ['2:00:00', 7200],
    ['1-12', 129_600],
    ['1-0:30', 88_200],
    ['1-02:03:04', 93_784],
  ])('reads %s as Slurm does', (text, seconds) => {
    expect(limitInSeconds(text)).toBe(seconds);
  });

  it('is one array where Slurm allows it, and parts whose logs are the tasks’ own where not', () => {
    expect(arrayParts([1, 2, 3, 9], { total: 9, maxArraySize: 1001 })).toEqual([
      { tasks: [1, 2, 3, 9], offset: 0, elements: '1-3,9', output: 'tasks/%3a/log.txt' },
    ]);
    expect(arrayParts([999, 1000, 1001, 2500], { total: 2500, maxArraySize: 1001 })).toEqual([
      { tasks: [999], offset: 0, elements: '999', output: 'tasks/0%3a/log.txt' },
      { tasks: [1000, 1001], offset: 1000, elements: '0-1', output: 'tasks/1%3a/log.txt' },
      { tasks: [2500], offset: 2000, elements: '500', output: 'tasks/2%3a/log.txt' },
    ]);
    expect(arrayParts([5, 12, 123], { total: 200, maxArraySize: 20 })).toEqual([
      { tasks: [5], offset: 0, elements: '5', output: 'tasks/00%1a/log.txt' },
      { tasks: [12], offset: 10, elements: '2', output: 'tasks/01%1a/log.txt' },
      { tasks: [123], offset: 120, elements: '3', output: 'tasks/12%1a/log.txt' },
    ]);
  });
});
