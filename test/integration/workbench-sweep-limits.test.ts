import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepPlanResult } from '../../src/cli/json-output.ts';
import { usualEarlyStopping, type EarlyStopping } from '../../src/shared/domain/sweep-space.ts';
import type { SweepOverview, SweepTask } from '../../src/shared/domain/sweep.ts';
import { charloom } from '../support/processes.ts';
import { quick, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;

/** Long enough that a run which is to stop at its first rung is far from its end when it does. */
const long = { ...quick, maxEpochs: 60, evaluateEvery: 80 };
/** The third learns nothing. */
const rates = [0.002, 0.004, 1e-7, 0.01];

interface Limits {
  readonly earlyStopping?: EarlyStopping | null;
  readonly hours?: number | null;
  readonly maxEpochs?: number;
}

async function start(
  name: string,
  values: readonly number[],
  { earlyStopping = null, hours = null, maxEpochs = long.maxEpochs }: Limits,
): Promise<string> {
  const run = {
    text: runs.text,
    encoding: null,
    settings: { ...long, maxEpochs, name },
    backend: 'wasm' as const,
    threads: 1,
    initializeFrom: null,
  };
  const axes = [{ kind: 'values' as const, key: 'learningRate', values: [...values] }];
  const space = { method: 'grid' as const, axes, seeds: 1, runs: 100, drawSeed: 1 };
  return (await runs.page.request('sweeps.start', { run, space, earlyStopping, hours })).id;
}

/** The sweep once it is as asked for. */
async function until(sweep: string, fits: (overview: SweepOverview) => boolean): Promise<SweepOverview> {
  const heard = runs.page.open('sweeps.watch', { sweep });
  const overview = await heard.item(fits);
  heard.stream.close();
  return overview;
}

function untilStates(sweep: string, ...states: readonly SweepTask['state'][]): Promise<SweepOverview> {
  return until(sweep, ({ tasks }) => states.every((state, place) => tasks[place]?.state === state));
}

/** The lines of a run's metrics without what they took. */
function metricsOf(run: string): readonly string[] {
  const lines = readFileSync(join(runs.folders.runs, run, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.map((line) => line.replace(/,"ms":[\d.e-]+/, ''));
}

describe('what ends runs of a sweep in the queue of a workbench', () => {
  beforeAll(async () => {
    runs = await RunsOfWorkbench.open();
  });
  afterAll(async () => {
    expect(runs.page.defects).toEqual([]);
    await runs.page.workbench.dispose();
  });

  it('stops a run at its rung that falls behind, and the next one starts', async () => {
    const sweep = await start('reeds', rates, { earlyStopping: usualEarlyStopping });
    const done = await untilStates(sweep, 'finished', 'finished', 'stopped-early', 'finished');
    const [, , behind] = done.tasks;
    expect(done.earlyStopping).toEqual(usualEarlyStopping);
    expect(behind?.reason).toMatch(/^After \d+ % of its iterations its validation loss was \d/);
    expect(behind?.reason).toContain('the best third of the 3 runs');
    expect(behind?.iteration).toBeGreaterThanOrEqual((behind?.iterations ?? 0) / 27);
    expect(behind?.iteration).toBeLessThan((behind?.iterations ?? 0) / 3);
    const run = await runs.page.request('runs.get', { run: 'reeds-003' });
    expect(run.run).toMatchObject({
      state: 'stopped',
      reason: `Its sweep stopped this run early. ${behind?.reason}`,
    });
  }, 300_000);

  it('trains such a run exactly to its end when it is retried', async () => {
    const sweep = 'reeds.sweep';
    await runs.page.request('sweeps.retry', { sweep, tasks: [3] });
    const done = await until(sweep, ({ counts }) => counts.finished === 4);
    expect(done.tasks[2]).toMatchObject({ reason: null, attempts: 2 });
    await runs.queue({ ...long, name: 'alone', learningRate: rates[2] ?? 0 });
    const alone = await runs.ended(await runs.started('alone'));
    expect(alone.state).toBe('finished');
    expect(metricsOf('reeds-003')).toEqual(metricsOf(alone.id));
  }, 300_000);

  it('honours a sweep that was planned on the command line, across a restart', async () => {
    const text = join(runs.folders.home, 'weaver.txt');
    const model = ['--rnn-size', '16', '--num-layers', '1', '--batch-size', '8', '--seq-length', '25'];
    // The first run must still train when the workbench closes, on a fast machine too.
    const length = ['--max-epochs', '120', '--eval-every', '160', '--backend', 'wasm', '--threads', '1'];
    const vary = ['--vary', `learning-rate=${rates.join(',')}`, '--stop-early'];
    const where = ['--recipe', 'char-rnn', '--out', runs.folders.runs, '--json'];
    const planned = await charloom(['sweep', 'plan', 'sedge', text, ...model, ...length, ...vary, ...where]);
    expect(planned.stderr).toBe('');
    expect(sweepPlanResult.parse(JSON.parse(planned.stdout)).tasks).toHaveLength(4);
    const sweep = 'sedge.sweep';
    await runs.page.request('sweeps.retry', { sweep, tasks: [1, 2, 3, 4] });
    await until(sweep, ({ tasks }) => (tasks[0]?.iteration ?? 0) > (tasks[0]?.iterations ?? Infinity) / 9);
    // The run that trains saves and stops; those that wait, wait on.
    runs = await runs.reopen();
    const stopped = await until(sweep, ({ tasks }) => tasks[0]?.state === 'stopped');
    expect(stopped.tasks[0]?.loss).not.toBeNull();
    const going = await untilStates(sweep, 'stopped', 'finished', 'stopped-early', 'finished');
    expect(going.tasks[2]?.reason).toContain('the best third of the 3 runs');
    // By the page of the run, which is as good as that of the sweep.
    await runs.page.request('runs.resume', { run: 'sedge-003', changes: {}, text: null });
    await runs.page.request('runs.resume', { run: 'sedge-001', changes: {}, text: null });
    await until(sweep, ({ counts }) => counts.finished === 4);
  }, 300_000);

  it('is cancelled from the command line, too', async () => {
    const sweep = await start('osiers', [0.002, 0.004], { maxEpochs: 1000 });
    await until(sweep, ({ tasks }) => tasks[0]?.state === 'running' && tasks[0].iteration > 0);
    const cancelled = await charloom(['sweep', 'cancel', 'osiers', '--out', runs.folders.runs]);
    expect(cancelled).toMatchObject({ code: 0, stderr: '' });
    const { tasks } = await untilStates(sweep, 'cancelled', 'cancelled');
    expect(tasks[0]?.iteration).toBeLessThan(tasks[0]?.iterations ?? 0);
    await expect.poll(() => existsSync(join(runs.folders.runs, 'osiers-002'))).toBe(false);
  }, 300_000);

  it('keeps to its hours, over all runs together, and no longer when runs are resumed after that', async () => {
    const watch = runs.page.open('workbench.watch', null);
    const sweep = await start('rushes', [0.002, 0.004], { hours: 0.0001 });
    const spent = await untilStates(sweep, 'stopped-early', 'stopped-early');
    const sentence = 'The 0.0001 hours that the sweep may use are used up.';
    expect(spent).toMatchObject({ hours: 0.0001, tasks: [{ reason: sentence }, { reason: sentence }] });
    expect(spent.tasks[0]?.iteration).toBeGreaterThan(0);
    expect(spent.tasks[0]?.iteration).toBeLessThan(spent.tasks[0]?.iterations ?? 0);
    expect(spent.tasks[1]).toMatchObject({ iteration: 0, iterations: null });
    // Of what never started nothing is left, not even in the trash: the sweep has everything.
    await expect.poll(() => runs.page.workbench.isTraining).toBe(false);
    expect(existsSync(join(runs.folders.runs, 'rushes-002'))).toBe(false);
    expect((await runs.page.request('trash.size', null)).items).toBe(0);
    // It is said immediately, though other runs wait: none of them starts.
    const news = await watch.item((item) => item.kind === 'ended' && item.end.how === 'stopped-early');
    watch.stream.close();
    const message = `“rushes-001” was stopped early. ${sentence}`;
    expect(news).toMatchObject({ end: { run: 'rushes-001', level: 'good', message } });
    await runs.page.request('sweeps.retry', { sweep, tasks: [1, 2] });
    await until(sweep, ({ counts }) => counts.finished === 2);
  }, 300_000);
});
