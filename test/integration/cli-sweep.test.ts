import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  sweepBestResult,
  sweepCancelResult,
  sweepListResult,
  sweepPlanResult,
  sweepStatusResult,
  sweepSubmitResult,
} from '../../src/cli/json-output.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { readRunMark } from '../../src/node/sweeps/run-mark.ts';
import { SweepTextTitles } from '../../src/runs/sweeps/text-titles.ts';
import { charloom, startCharloom, type Finished } from '../support/processes.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const model = '--rnn-size 8 --num-layers 1 --batch-size 10 --seq-length 20 --backend wasm'.split(' ');

describe('charloom sweep on this computer', () => {
  let folder: string;
  let text: string;
  beforeAll(() => {
    folder = temporaryFolder('sweep');
    text = writeText(folder, 'sea.txt', wordyText(20_000));
  });

  const succeed = async (words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await charloom(['sweep', ...words]);
    expect({ code, stderr: code === 0 ? '' : stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const asked = async <T>(schema: { parse: (value: unknown) => T }, words: readonly string[]): Promise<T> =>
    schema.parse(JSON.parse(await succeed([...words, '--json'])));
  const plan = (runs: string, name: string, ...words: readonly string[]) =>
    asked(sweepPlanResult, ['plan', name, text, '--out', runs, ...model, ...words]);
  const status = (runs: string, name: string) => asked(sweepStatusResult, ['status', name, '--out', runs]);
  const local = (runs: string, name: string, ...words: readonly string[]) =>
    asked(sweepSubmitResult, ['submit', name, '--out', runs, '--engine', 'local', ...words]);
  const statesOf = async (runs: string, name: string) =>
    (await status(runs, name)).tasks.map(({ state }) => state);

  it('plans, trains, lists and shows the best; each run names its sweep', async () => {
    const runs = join(folder, 'whole');
    const short = ['--max-epochs', '2', '--eval-every', '50'];
    const { path, tasks } = await plan(
      runs,
      'Big sea',
      '--vary',
      'learning-rate=0.0001,0.005',
      '--seeds',
      '2',
      ...short,
    );
    expect(tasks.map(({ run }) => run)).toEqual(['Big sea-001', 'Big sea-002', 'Big sea-003', 'Big sea-004']);
    expect(await statesOf(runs, 'Big sea')).toEqual(['planned', 'planned', 'planned', 'planned']);
    const submitted = await local(runs, 'Big sea', '--at-once', '2');
    expect(submitted).toMatchObject({ engine: 'local', tasks: [1, 2, 3, 4] });
    const after = await status(runs, 'Big sea');
    expect(after).toMatchObject({ progress: 1, counts: { finished: 4 } });
    expect((await local(runs, 'Big sea')).tasks).toEqual([]);
    const best = await asked(sweepBestResult, ['best', 'Big sea', '--out', runs]);
    expect(best.best?.settings['learning-rate']).toBe(0.005);
    const losses = after.tasks.slice(2).map(({ val_loss }) => val_loss ?? NaN);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 2;
    expect(best.combinations.map(({ settings }) => settings)).toEqual([
      { 'learning-rate': 0.005 },
      { 'learning-rate': 0.0001 },
    ]);
    expect(best.combinations[0]?.val_loss).toBeCloseTo(mean, 12);
    const { sweeps } = await asked(sweepListResult, ['list', '--out', runs]);
    expect(sweeps).toMatchObject([{ sweep: 'Big sea', path, tasks: 4 }]);
    const run = await readRunRecord(join(runs, 'Big sea-003'));
    expect(run.text.path).toBe(join(path, 'text.txt'));
    const titles = new SweepTextTitles();
    expect(await titles.titleOf(join(runs, 'Big sea-003'), run.text.path)).toBe(basename(text));
    // Copied from another computer, whose paths do not exist here.
    const far = '/far/runs/Big sea.sweep/text.txt';
    expect(await titles.titleOf(join(runs, 'Big sea-003'), far)).toBe(basename(text));
    expect(await titles.titleOf(join(runs, 'Big sea-003'), text)).toBeUndefined();
    expect(await readRunMark(join(runs, 'Big sea-003'))).toMatchObject({
      sweep: 'Big sea.sweep',
      index: 3,
      changes: { learningRate: 0.005 },
    });
  });

  it('resumes stopped runs, and each run equals that of charloom train with the same settings', async () => {
    const runs = join(folder, 'stopped');
    const long = ['--max-epochs', '40', '--eval-every', '500', '--seed', '7'];
    await plan(runs, 'sea', '--vary', 'learning-rate=0.005', ...long);
    const running = startCharloom([
      'sweep',
      'submit',
      'sea',
      '--out',
      runs,
      '--engine',
      'local',
      '--cpus',
      '1',
    ]);
    while ((await status(runs, 'sea')).tasks[0]?.val_loss === null) await wait(100);
    running.process.kill('SIGINT');
    expect((await running.finished).stdout).toContain('The others resume with');
    expect(await statesOf(runs, 'sea')).toEqual(['stopped']);
    await local(runs, 'sea', '--cpus', '1');
    const [task] = (await status(runs, 'sea')).tasks;
    expect(task).toMatchObject({ state: 'finished', attempts: 2 });
    const alone = join(folder, 'alone');
    const words = ['train', text, '--out', alone, '--name', 'sea-001', ...model, ...long];
    expect((await charloom([...words, '--learning-rate', '0.005', '--threads', '1'])).code).toBe(0);
    expect(metricsOf(join(runs, 'sea-001'))).toEqual(metricsOf(join(alone, 'sea-001')));
    const names = readdirSync(join(alone, 'sea-001', 'checkpoints')).toSorted();
    expect(readdirSync(join(runs, 'sea-001', 'checkpoints')).toSorted()).toEqual(names);
    for (const name of names) {
      const [one, other] = [runs, alone].map((at) => readFileSync(join(at, 'sea-001', 'checkpoints', name)));
      expect(one?.equals(other ?? Buffer.of()), name).toBe(true);
    }
  });

  it('stops runs that fall behind, and trains them to their end on request', async () => {
    const runs = join(folder, 'early');
    const short = ['--max-epochs', '4', '--eval-every', '20', '--stop-early', '0.1'];
    await plan(runs, 'sea', '--vary', 'learning-rate=0.01,0.008,0.00001,0.00002', ...short);
    await local(runs, 'sea');
    const { tasks } = await status(runs, 'sea');
    expect(tasks.map(({ state }) => state)).toEqual([
      'finished',
      'finished',
      'stopped-early',
      'stopped-early',
    ]);
    expect(tasks[2]?.reason).toMatch(/^After \d+ % of its iterations its validation loss was/);
    expect(tasks[2]?.i).toBeLessThan((tasks[2]?.iterations ?? 0) / 2);
    expect((await local(runs, 'sea')).tasks).toEqual([]);
    const retried = ['retry', 'sea', '3', '--stopped', '--out', runs, '--engine', 'local'];
    expect((await asked(sweepSubmitResult, retried)).tasks).toEqual([3]);
    expect(await statesOf(runs, 'sea')).toEqual(['finished', 'finished', 'finished', 'stopped-early']);
  });

  it('keeps to its time limit', async () => {
    const runs = join(folder, 'hours');
    await plan(
      runs,
      'sea',
      '--vary',
      'learning-rate=0.01,0.008',
      '--max-epochs',
      '60',
      '--eval-every',
      '100',
    );
    await local(runs, 'sea', '--hours', '0.0003');
    const { tasks, hours } = await status(runs, 'sea');
    expect(hours).toBe(0.0003);
    expect(tasks).toMatchObject([
      { state: 'stopped-early', reason: 'The 0.0003 hours that the sweep may use are used up.' },
      { state: 'stopped-early', i: 0 },
    ]);
    expect(existsSync(join(runs, 'sea-002'))).toBe(false);
  });

  it('cancels from another shell: running tasks save, waiting tasks never start', async () => {
    const runs = join(folder, 'cancelled');
    await plan(
      runs,
      'sea',
      '--vary',
      'learning-rate=0.01,0.008',
      '--max-epochs',
      '400',
      '--eval-every',
      '100',
    );
    const running = startCharloom(['sweep', 'submit', 'sea', '--out', runs, '--engine', 'local']);
    while ((await status(runs, 'sea')).tasks[0]?.val_loss === null) await wait(100);
    expect((await status(runs, 'sea')).tasks).toMatchObject([{ state: 'running' }, { state: 'waiting' }]);
    const { cancelled } = await asked(sweepCancelResult, ['cancel', 'sea', '--out', runs]);
    expect(cancelled).toEqual([1, 2]);
    expect((await running.finished).code).toBe(0);
    expect(await statesOf(runs, 'sea')).toEqual(['cancelled', 'cancelled']);
    expect(existsSync(join(runs, 'sea-001', 'resume.safetensors'))).toBe(true);
    expect(existsSync(join(runs, 'sea-002'))).toBe(false);
  });

  it('says why a run failed, and trains it on retry', async () => {
    const runs = join(folder, 'failed');
    const { path } = await plan(runs, 'sea', '--vary', 'learning-rate=0.01', '--max-epochs', '1');
    const copy = join(path, 'text.txt');
    // The text is removed after the check: the task itself has to report it.
    const task = () => charloom(['sweep', 'task', path, '1']);
    renameSync(copy, `${copy}.away`);
    expect((await task()).code).toBe(4);
    const [failed] = (await status(runs, 'sea')).tasks;
    expect(failed).toMatchObject({ state: 'failed', reason: expect.stringContaining('text.txt') as unknown });
    renameSync(`${copy}.away`, copy);
    const retried = ['retry', 'sea', '--out', runs, '--engine', 'local'];
    expect((await asked(sweepSubmitResult, retried)).tasks).toEqual([1]);
    expect(await statesOf(runs, 'sea')).toEqual(['finished']);
  });

  it.each([
    [['plan', 'sea', 'TEXT', '--vary', 'rnn-size=8'], 2, 'There is a sweep at'],
    [['plan', '../sea', 'TEXT', '--vary', 'rnn-size=8'], 2, 'A sweep cannot be called'],
    [['plan', 'other', 'TEXT'], 2, 'varies at least one setting'],
    [['plan', 'other', 'TEXT', '--vary', 'learning-rate=0.1..0.2'], 2, 'needs --runs'],
    [['status', 'nothing'], 2, 'There is no sweep named'],
    [['submit', 'sea'], 2, 'To train on this computer instead: --engine local.'],
    [['submit', 'sea', '--time', '1:00:00'], 7, 'There is no scontrol here'],
    [['submit', 'sea', '--time', 'soon', '--print'], 2, '--time cannot be'],
    [['cancel', 'sea', 'all'], 2, 'names no tasks'],
    [['task', 'SWEEP', '9'], 2, 'The sweep has no task 9'],
  ])('refuses %j', async (words, code, message) => {
    const runs = join(folder, 'refused');
    if (!existsSync(runs)) await plan(runs, 'sea', '--vary', 'rnn-size=8');
    const filled = words.map((word) =>
      word === 'TEXT' ? text : word === 'SWEEP' ? join(runs, 'sea.sweep') : word,
    );
    const where = words[0] === 'task' ? [] : ['--out', runs];
    // Without anything of Slurm's.
    const refused: Finished = await charloom(['sweep', ...filled, ...where], { env: { PATH: '/nowhere' } });
    expect(refused.stderr).toContain(message);
    expect(refused.code).toBe(code);
  });

  it('says next what works here: without a cluster, training on this computer', async () => {
    const runs = join(folder, 'next');
    const words = ['sweep', 'plan', 'sea', text, '--vary', 'rnn-size=8', '--out', runs, ...model];
    // Slurm's commands are installed, but nothing answers them.
    const programs = temporaryFolder('no-controller');
    const silent =
      '#!/bin/sh\necho "scontrol: error: resolve_ctls_from_dns_srv: res_nsearch error" >&2\nexit 1\n';
    for (const name of ['scontrol', 'sbatch', 'squeue']) {
      writeFileSync(join(programs, name), silent, { mode: 0o755 });
    }
    const env = { PATH: `${programs}:/usr/bin:/bin` };
    const planned = await charloom(words, { env });
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout.trimEnd().split('\n').at(-1)).toBe(
      `Next: charloom sweep submit sea --out ${runs} --engine local`,
    );
    const refused = await charloom(['sweep', 'submit', 'sea', '--out', runs, '--time', '1:00:00'], { env });
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain('or train on this computer with --engine local.');
    const state = await charloom(['sweep', 'status', 'sea', '--out', runs], { env });
    expect(state.stdout).toContain('0 % done, 0.0 s of computing time used');
    expect(state.stdout).not.toContain('* lowest');
    await local(runs, 'sea');
    const done = await charloom(['sweep', 'status', 'sea', '--out', runs], { env });
    expect(done.stdout).toMatch(/\d [*]\s[^]*^[*] lowest validation loss so far$/m);
  });

  it('prints what would be submitted, without Slurm and without changing anything', async () => {
    const runs = join(folder, 'printed');
    const { path } = await plan(runs, 'sea', '--vary', 'rnn-size=8,16');
    const words = [
      'submit',
      'sea',
      '--out',
      runs,
      '--time',
      '1:00:00',
      '--gpus',
      '1',
      '--wrap',
      'apptainer exec x.sif',
    ];
    const { is_printed_only, arrays } = await asked(sweepSubmitResult, [...words, '--print']);
    expect(is_printed_only).toBe(true);
    expect(arrays[0]?.command).toEqual(
      expect.arrayContaining(['--array=1-2%20', '--time=1:00:00', '--gres=gpu:1', `--chdir=${path}`]),
    );
    expect(arrays[0]?.script).toMatch(/^apptainer exec x\.sif .* sweep task /m);
    expect(existsSync(join(path, 'submissions.jsonl')) || existsSync(join(path, 'job.sh'))).toBe(false);
  });

  it('refuses a text that was changed since', async () => {
    const runs = join(folder, 'changed');
    const { path } = await plan(runs, 'sea', '--vary', 'rnn-size=8');
    appendFileSync(join(path, 'text.txt'), 'more');
    const { code, stderr } = await charloom(['sweep', 'submit', 'sea', '--out', runs, '--engine', 'local']);
    expect(code).toBe(2);
    expect(stderr).toContain('is not the text that the sweep was planned on');
  });
});

/** The lines of a run's metrics without what they took. */
function metricsOf(run: string): readonly string[] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.map((line) => line.replace(/,"ms":[\d.e-]+/, ''));
}
