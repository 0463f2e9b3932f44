import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/shared/domain/run.ts';
import { endless, quick, RunsOfWorkbench, story } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
});
afterEach(() => expect(runs.page.defects).toEqual([]));
afterAll(() => runs.page.workbench.dispose());

const list = (): Promise<readonly Run[]> => runs.page.request('runs.list', null);
const statesOf = (all: readonly Run[], ...names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name) => all.find((run) => run.settings?.name === name)?.state);

describe('a run that waits', () => {
  test('can be removed from the queue and restored, with its note', async () => {
    const [ahead = '', id = ''] = (
      await runs.queue({ ...endless, name: 'in front' }, { name: 'undone' })
    ).map((run) => run.id);
    await runs.page.request('runs.describe', { run: id, name: 'Undone', note: 'for later' });
    const removal = await runs.page.request('runs.unqueue', { run: id });
    expect(removal?.files).toEqual([id]);
    expect((await list()).map((run) => run.id)).not.toContain(id);
    await runs.page.request('trash.undo', { undo: removal?.undo ?? '' });
    expect((await runs.page.request('runs.get', { run: id })).run).toMatchObject({
      ...{ state: 'waiting', name: 'Undone', note: 'for later' },
    });
    await runs.page.request('runs.stop', { run: ahead });
    expect(await runs.ended(id)).toMatchObject({ state: 'finished', name: 'Undone', note: 'for later' });
  });

  test('to be resumed keeps its files, and stays when it is removed from the queue', async () => {
    const id = await runs.start({ ...endless, name: 'resumed' });
    await runs.page.request('runs.stop', { run: id });
    await runs.ended(id);
    const record = readFileSync(join(runs.folders.runs, id, 'run.json'), 'utf8');
    const ahead = await runs.start({ ...endless, name: 'busy' });
    const resumed = await runs.page.request('runs.resume', {
      run: id,
      changes: { maxEpochs: 2000 },
      text: null,
    });
    expect(resumed).toMatchObject({ id, state: 'waiting' });
    expect(readFileSync(join(runs.folders.runs, id, 'run.json'), 'utf8')).toBe(record);
    expect(await runs.page.request('runs.unqueue', { run: id })).toBeNull();
    expect((await runs.page.request('runs.get', { run: id })).run.state).toBe('stopped');
    await runs.page.request('runs.resume', { run: id, changes: { maxEpochs: 2000 }, text: null });
    runs = await runs.reopen();
    await runs.page
      .open('runs.watch', { run: id })
      .item(
        (item) =>
          item.kind === 'state' && item.run.state === 'running' && item.run.settings?.maxEpochs === 2000,
      );
    await runs.page.request('runs.stop', { run: id });
    await runs.ended(id);
    expect(statesOf(await list(), 'busy')).toEqual(['stopped']);
    expect(ahead).toBe('busy');
  });

  test('whose text is missing says so, and starts with the text’s new location', async () => {
    const gone = join(runs.folders.home, 'gone.txt');
    writeFileSync(gone, story.slice(0, 20_000));
    const { id: text } = await runs.page.workbench.addTextFile(gone);
    const ahead = await runs.start({ ...endless, name: 'ahead of it' });
    const common = { text, encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    const settings = { ...quick, name: 'homeless' };
    const [queued] = await runs.page.request('runs.start', { requests: [{ ...common, settings }] });
    const id = queued?.id ?? '';
    rmSync(gone);
    await runs.page.request('runs.stop', { run: ahead });
    expect(await runs.ended(id)).toMatchObject({ state: 'failed', spec: null, settings });
    expect((await runs.page.request('runs.get', { run: id })).run.reason).toContain('gone.txt');
    const again = await runs.page.request('runs.resume', {
      run: id,
      changes: { maxEpochs: 1 },
      text: runs.text,
    });
    expect(again).toMatchObject({
      id,
      state: expect.stringMatching(/waiting|starting/) as string,
      reason: null,
    });
    const ended = await runs.ended(id);
    expect(ended).toMatchObject({ state: 'finished', settings: { ...settings, maxEpochs: 1 } });
    expect(ended.text.title).toContain('weaver');
  });

  test('whose folder was removed is skipped', async () => {
    const ahead = await runs.start({ ...endless, name: 'before' });
    const [lost = '', next = ''] = (await runs.queue({ name: 'lost' }, { name: 'following' })).map(
      (run) => run.id,
    );
    rmSync(join(runs.folders.runs, lost), { recursive: true });
    await runs.page.request('runs.stop', { run: ahead });
    expect(await runs.ended(next)).toMatchObject({ state: 'finished' });
    expect(statesOf(await list(), 'lost')).toEqual([undefined]);
  });

  test('whose folder was removed has no place in the order', async () => {
    const ahead = await runs.start({ ...endless, name: 'head' });
    const queued = await runs.queue({ name: 'p' }, { name: 'q' }, { name: 'r' });
    const [lost = '', second = '', third = ''] = queued.map(({ id }) => id);
    rmSync(join(runs.folders.runs, lost), { recursive: true });
    await runs.page.request('runs.reorder', { run: second, place: 1 });
    expect((await list()).slice(0, 2).map(({ id }) => id)).toEqual([third, second]);
    for (const run of [second, third]) await runs.page.request('runs.unqueue', { run });
    await runs.page.request('runs.stop', { run: ahead });
    await runs.ended(ahead);
  });

  test('that is damaged can be removed', async () => {
    const ahead = await runs.start({ ...endless, name: 'whole' });
    const id = (await runs.queue({ name: 'torn' }))[0]?.id ?? '';
    writeFileSync(join(runs.folders.runs, id, 'run.json'), '{');
    expect((await runs.page.request('runs.unqueue', { run: id }))?.files).toEqual([id]);
    expect(statesOf(await list(), 'torn')).toEqual([undefined]);
    await runs.page.request('runs.stop', { run: ahead });
    await runs.ended(ahead);
  });

  test('keeps its place when it cannot be removed', async () => {
    const ahead = await runs.start({ ...endless, name: 'on' });
    const ids = (await runs.queue({ name: 'x' }, { name: 'y' })).map(({ id }) => id);
    const [stays = ''] = ids;
    const trash = join(runs.folders.home, 'trash');
    rmSync(trash, { recursive: true, force: true });
    writeFileSync(trash, 'in the way');
    await expect(runs.page.request('runs.unqueue', { run: stays })).rejects.toMatchObject({
      code: 'storage',
    });
    rmSync(trash);
    expect((await list()).slice(0, 2).map(({ id }) => id)).toEqual(ids);
    await runs.page.request('runs.stop', { run: ahead });
    expect(await runs.ended(stays)).toMatchObject({ state: 'finished' });
  });

  test('is seen by a second workbench, which leaves it alone', async () => {
    const ahead = await runs.start({ ...endless, name: 'seen' });
    const [queued] = await runs.queue({ name: 'left alone' });
    const run = queued?.id ?? '';
    const other = await RunsOfWorkbench.open(runs.folders);
    expect((await other.page.request('runs.get', { run })).run.state).toBe('waiting');
    await expect(other.page.request('runs.unqueue', { run })).rejects.toMatchObject({ code: 'run-busy' });
    expect((await other.page.request('runs.remove', { runs: [run] })).files).toEqual([]);
    await other.page.workbench.dispose();
    await runs.page.request('runs.stop', { run: ahead });
    expect(await runs.ended(run)).toMatchObject({ state: 'finished' });
  });
});
