import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepOverview } from '../../src/shared/domain/sweep.ts';
import type { SweepSpace } from '../../src/shared/domain/sweep-space.ts';
import { quick, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;

function spaceOf(axes: SweepSpace['axes'], seeds = 1): SweepSpace {
  return { method: 'grid', axes, seeds, runs: 100, drawSeed: 1 };
}

async function start(name: string, space: SweepSpace, settings: object = {}): Promise<string> {
  const run = {
    text: runs.text,
    encoding: null,
    settings: { ...quick, ...settings, name },
    backend: 'wasm' as const,
    threads: 1,
    initializeFrom: null,
  };
  return (await runs.page.request('sweeps.start', { run, space, earlyStopping: null, hours: null })).id;
}

/** The sweep once it is as asked for. */
async function until(sweep: string, fits: (overview: SweepOverview) => boolean): Promise<SweepOverview> {
  const heard = runs.page.open('sweeps.watch', { sweep });
  const overview = await heard.item(fits);
  heard.stream.close();
  return overview;
}

const layers: SweepSpace['axes'][number] = { kind: 'values', key: 'rnnSize', values: [8, 16] };

describe('a sweep in the queue of a workbench', () => {
  beforeAll(async () => {
    runs = await RunsOfWorkbench.open();
  });
  afterAll(() => runs.page.workbench.dispose());

  it('trains every combination, each with every seed, and says which is best', async () => {
    const sweep = await start('weave', spaceOf([layers], 2));
    const planned = await until(sweep, () => true);
    expect(planned.tasks.map(({ run, changes }) => [run, changes])).toEqual([
      ['weave-001', { rnnSize: 8, seed: quick.seed }],
      ['weave-002', { rnnSize: 8, seed: quick.seed + 1 }],
      ['weave-003', { rnnSize: 16, seed: quick.seed }],
      ['weave-004', { rnnSize: 16, seed: quick.seed + 1 }],
    ]);
    const done = await until(sweep, ({ counts }) => counts.finished === 4);
    expect(done).toMatchObject({ engine: 'queue', progress: 1 });
    const losses = done.tasks.map(({ loss }) => loss ?? Infinity);
    expect(done.tasks[(done.best ?? 0) - 1]?.loss).toBe(Math.min(...losses));
    const listed = await runs.page.request('runs.list', null);
    for (const { run, loss, changes } of done.tasks) {
      const found = listed.find(({ id }) => id === run);
      expect(found?.best?.validationLoss).toBe(loss);
      expect(found?.settings).toMatchObject(changes);
      expect(found?.text.title).toBe('weaver.txt');
    }
    const list = await runs.page.request('sweeps.list', null);
    expect(list).toMatchObject({ damaged: [], sweeps: [{ id: 'weave.sweep', name: 'weave', tasks: 4 }] });
  }, 180_000);

  it('gets a number where its name is taken', async () => {
    const sweep = await start('weave', spaceOf([layers]));
    expect(sweep).toBe('weave 2.sweep');
    await until(sweep, ({ counts }) => counts.finished === 2);
  }, 180_000);

  it('can be cancelled while one trains and one waits, and resumes', async () => {
    const sweep = await start('long', spaceOf([layers]), { maxEpochs: 1000 });
    await until(sweep, ({ tasks }) => tasks[0]?.state === 'running' && tasks[0].iteration > 0);
    await runs.page.request('sweeps.cancel', { sweep, tasks: [1, 2] });
    const cancelled = await until(sweep, ({ counts }) => counts.cancelled === 2);
    const reached = cancelled.tasks[0]?.iteration ?? 0;
    expect(reached).toBeGreaterThan(0);
    expect(existsSync(join(runs.folders.runs, 'long-002'))).toBe(false);

    await runs.page.request('sweeps.retry', { sweep, tasks: [1] });
    const again = await until(sweep, ({ tasks }) => (tasks[0]?.iteration ?? 0) > reached);
    expect(again.tasks[1]?.state).toBe('cancelled');
    await runs.page.request('sweeps.cancel', { sweep, tasks: [1] });
    await until(sweep, ({ tasks }) => tasks[0]?.state === 'cancelled');
  }, 180_000);

  it('leaves nothing behind when it cannot be planned', async () => {
    const before = readdirSync(runs.folders.runs).toSorted();
    const impossible = spaceOf([{ kind: 'values', key: 'sequenceLength', values: [25, 1_000_000] }]);
    await expect(start('impossible', impossible)).rejects.toThrow(/Sequence length cannot be 1000000|short/);
    expect(readdirSync(runs.folders.runs).toSorted()).toEqual(before);
  });

  it('has nothing to retry where all has finished', async () => {
    const sweep = await start('whole', spaceOf([layers]));
    await until(sweep, ({ counts }) => counts.finished === 2);
    const path = join(runs.folders.runs, sweep, 'submissions.jsonl');
    expect(readFileSync(path, 'utf8')).toContain('"engine":"queue"');
    await expect(runs.page.request('sweeps.retry', { sweep, tasks: [9] })).resolves.toBeNull();
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(runs.page.defects).toEqual([]);
  }, 180_000);
});
