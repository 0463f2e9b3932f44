import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunPlan } from '../../../src/node/files/planned-run.ts';
import { readPlannedRun, reserveRun } from '../../../src/node/files/reserved-run.ts';
import { runHolder } from '../../../src/node/files/run-lock.ts';
import { RunQueue } from '../../../src/processes/queue.ts';
import { listRuns } from '../../../src/runs/library.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { temporaryFolder } from '../../support/texts.ts';

let home: string;
let runs: string;
beforeEach(() => {
  home = temporaryFolder('queue');
  runs = join(home, 'runs');
});

const plan: RunPlan = {
  text: { path: '/texts/novel.txt', title: 'novel.txt' },
  encoding: null,
  initFrom: null,
  vocabulary: null,
  backend: 'auto',
  threads: 0,
};
const created = '2026-01-02T03:04:05.000Z';

function open(damaged: string[] = [], runsFolder = runs): Promise<RunQueue> {
  return RunQueue.open({ home, runs: runsFolder }, (movedTo) => damaged.push(movedTo));
}

/** Reserves folders without telling a queue. */
async function reserve(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await reserveRun(runs, { settings: { ...defaultRunSettings, name }, plan, created });
  }
}

const entries = (...ids: readonly string[]) => ids.map((id) => ({ id, resume: null }));
const ids = (queue: RunQueue): readonly string[] => queue.waiting.map(({ id }) => id);
const file = (): string => join(home, 'queue.json');

describe('the queue', () => {
  test('keeps its order and content for the next process', async () => {
    await reserve('a', 'b', 'c');
    const queue = await open();
    await queue.add(entries('a', 'b', 'c'));
    await queue.move('c', 0);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['c', 'a', 'b']);
    await again.close();
  });

  test('a place beyond the end is the end; a run that does not wait is not moved', async () => {
    const queue = await open();
    await queue.add(entries('a', 'b', 'c'));
    await queue.move('a', 99);
    expect(ids(queue)).toEqual(['b', 'c', 'a']);
    expect(await queue.move('x', 0)).toBe(false);
    expect(await queue.remove('x')).toBe(false);
    await queue.close();
  });

  test('a failed write does not apply; a run that has had its turn is removed anyway', async () => {
    const queue = await open();
    await queue.add(entries('a', 'b', 'c'));
    rmSync(file());
    mkdirSync(join(file(), 'in the way'), { recursive: true });
    await expect(queue.move('c', 0)).rejects.toMatchObject({ code: 'storage' });
    await expect(queue.remove('b')).rejects.toMatchObject({ code: 'storage' });
    expect(ids(queue)).toEqual(['a', 'b', 'c']);
    await expect(queue.leave('a')).rejects.toMatchObject({ code: 'storage' });
    expect(ids(queue)).toEqual(['b', 'c']);
    await queue.close();
  });

  test('a folder that cannot be created leaves its name free', async () => {
    const settings = { ...defaultRunSettings, name: 'a' };
    const noPath = { ...plan, text: { path: '', title: '' } };
    await expect(reserveRun(runs, { settings, plan: noPath, created })).rejects.toThrow();
    expect(await reserveRun(runs, { settings, plan, created })).toBe(join(runs, 'a'));
  });

  test('changes made at the same time all reach the disk', async () => {
    await reserve('a', 'c');
    const queue = await open();
    expect(ids(queue)).toEqual(['a', 'c']);
    await Promise.all([
      queue.add(entries('a')),
      queue.add(entries('b')),
      queue.remove('b'),
      queue.move('a', 1),
    ]);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['c', 'a']);
    await again.close();
  });

  test('adds waiting runs that it lacks, and drops missing ones', async () => {
    await reserve('a', 'b', 'c', 'd');
    const queue = await open();
    await queue.move('d', 0);
    await queue.close();
    rmSync(join(runs, 'b'), { recursive: true });
    await reserve('a');
    const again = await open();
    expect(ids(again)).toEqual(['d', 'a', 'c', 'a-2']);
    expect(await again.adopt()).toBe(false);
    await reserve('b');
    expect(await again.adopt()).toBe(true);
    expect(ids(again)).toEqual(['d', 'a', 'c', 'a-2', 'b']);
    await again.close();
  });

  test('waiting takes no lock, and an incomplete folder is no run', async () => {
    await reserve('a');
    mkdirSync(join(runs, 'half'));
    const queue = await open();
    expect(ids(queue)).toEqual(['a']);
    expect([await runHolder(join(runs, 'a')), existsSync(join(runs, 'a', 'run.lock'))]).toEqual([
      undefined,
      false,
    ]);
    expect((await listRuns(runs)).map(({ kind, name }) => [kind, name])).toEqual([['planned', 'a']]);
    await queue.close();
  });

  test('the order of another runs folder is kept', async () => {
    await reserve('a', 'b');
    const queue = await open();
    await queue.move('b', 0);
    await queue.close();
    const elsewhere = await open([], join(home, 'elsewhere'));
    expect(ids(elsewhere)).toEqual([]);
    await elsewhere.add(entries('x'));
    await elsewhere.close();
    const again = await open();
    expect(ids(again)).toEqual(['b', 'a']);
    await again.close();
  });

  test.each([
    ['half a file', '{"formatVersion": 1, "waiting": [{'],
    ['an order of nothing', '{"formatVersion": 2, "order": {"/runs": [{"id": 5}]}}'],
    [
      'one that leads out of the runs folder',
      `{"formatVersion": 2, "order": {"/runs": [{"id": "../elsewhere", "resume": null}]}}`,
    ],
  ])('%s is moved aside unchanged; waiting runs stay', async (_, written) => {
    await reserve('a');
    writeFileSync(file(), written);
    const damaged: string[] = [];
    const queue = await open(damaged);
    expect(ids(queue)).toEqual(['a']);
    expect(damaged.map((path) => readFileSync(path, 'utf8'))).toEqual([written]);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['a']);
    await again.close();
  });

  test('of a newer Charloom is not changed, and accepts nothing', async () => {
    await reserve('a');
    const written = '{"formatVersion": 3, "order": {}}';
    writeFileSync(file(), written);
    const queue = await open();
    expect([queue.waiting, queue.problem]).toMatchObject([
      [],
      {
        code: 'incompatible',
        message: expect.stringContaining('a newer Charloom wrote queue.json') as string,
      },
    ]);
    await expect(queue.add(entries('b'))).rejects.toMatchObject({ code: 'incompatible' });
    await queue.close();
    expect(readFileSync(file(), 'utf8')).toBe(written);
  });

  test('keeps what only another version knows', async () => {
    await reserve('a', 'b');
    const run = (id: string): object => ({ id, resume: null, priority: 3 });
    const order = { [runs]: [run('b'), run('a')] };
    writeFileSync(file(), JSON.stringify({ formatVersion: 2, order, pausedUntil: 'tomorrow' }));
    const queue = await open();
    await queue.move('a', 0);
    await queue.close();
    const kept: unknown = JSON.parse(readFileSync(file(), 'utf8'));
    expect(kept).toEqual({
      formatVersion: 2,
      order: { [runs]: [run('a'), run('b')] },
      pausedUntil: 'tomorrow',
    });
  });

  test('belongs to one process at a time: a second starts nothing and accepts nothing', async () => {
    await reserve('a');
    const first = await open();
    const second = await open();
    expect([second.problem?.code, second.waiting]).toEqual(['run-busy', []]);
    await expect(second.add(entries('b'))).rejects.toMatchObject({ code: 'run-busy' });
    expect(await second.adopt()).toBe(false);
    await second.close();
    await first.close();
    const third = await open();
    expect([third.problem, ids(third)]).toEqual([null, ['a']]);
    await third.close();
  });
});

describe('a queue of format 1', () => {
  /** As commit ba39210 wrote it. */
  const start = (name: string) => ({
    ...{ id: `queued-0123456${name}`, created, backend: 'auto', threads: 0, kind: 'start' },
    ...{ textPath: '/texts/novel.txt', textTitle: 'novel.txt', encoding: null },
    ...{ settings: { ...defaultRunSettings, name }, initFrom: null },
  });
  const resume = (folder: string) => ({
    ...{ id: 'queued-89abcdef', created, backend: 'wasm', threads: 2, kind: 'resume' },
    ...{ folder, textPath: null, changes: { maxEpochs: 80 } },
  });
  const write = (...waiting: readonly unknown[]): void =>
    writeFileSync(file(), JSON.stringify({ formatVersion: 1, waiting }, null, 2));

  /** A folder that a run could be resumed in, as far as the queue looks. */
  function started(name: string): string {
    mkdirSync(join(runs, name), { recursive: true });
    writeFileSync(join(runs, name, 'metrics.jsonl'), '');
    return join(runs, name);
  }

  test('gives each run its folder, in its order', async () => {
    write(start('b'), resume(started('old')), start('a'), start('a'));
    const queue = await open();
    expect(queue.waiting).toEqual([
      { id: 'b', resume: null },
      { id: 'old', resume: { textPath: null, changes: { maxEpochs: 80 }, backend: 'wasm', threads: 2 } },
      { id: 'a', resume: null },
      { id: 'a-2', resume: null },
    ]);
    const planned = await readPlannedRun(join(runs, 'a-2'));
    expect(planned).toMatchObject({ state: 'waiting', reason: null, created, plan });
    expect(planned.settings).toEqual({ ...defaultRunSettings, name: 'a' });
    await queue.close();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ formatVersion: 2 });
  });

  test('converted again after an interruption makes no run twice', async () => {
    write(start('b'), start('a'), start('a'));
    // Two have got their folders, the order was not written.
    await reserve('b', 'a');
    const queue = await open();
    expect(ids(queue)).toEqual(['b', 'a', 'a-2']);
    await queue.close();
    const again = await open();
    expect(ids(again)).toEqual(['b', 'a', 'a-2']);
    await again.close();
  });

  test('with settings out of range is moved aside unchanged', async () => {
    const bad = { ...start('a'), settings: { ...defaultRunSettings, rnnSize: -1 } };
    write(bad);
    const damaged: string[] = [];
    const queue = await open(damaged);
    expect([queue.waiting, damaged.length]).toEqual([[], 1]);
    await queue.close();
  });

  test('is not changed where folders cannot be created', async () => {
    write(start('a'));
    const before = readFileSync(file(), 'utf8');
    writeFileSync(runs, 'a file in the place of the runs folder');
    const queue = await open();
    expect([queue.problem?.code, queue.waiting]).toEqual(['storage', []]);
    await queue.close();
    expect(readFileSync(file(), 'utf8')).toBe(before);
    rmSync(runs);
    const again = await open();
    expect(ids(again)).toEqual(['a']);
    await again.close();
  });
});
