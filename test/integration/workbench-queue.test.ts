import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/shared/domain/run.ts';
import { root, startNode } from '../support/processes.ts';
import { endless, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
});
afterEach(() => expect(runs.page.defects).toEqual([]));
afterAll(() => runs.page.workbench.dispose());

const list = (): Promise<readonly Run[]> => runs.page.request('runs.list', null);
const statesOf = (all: readonly Run[], ...names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name) => all.find((run) => run.settings?.name === name)?.state);

describe('the queue of runs', () => {
  test('trains one at a time in its order, each under the id that it was queued under', async () => {
    const watch = runs.page.open('workbench.watch', null);
    await watch.item((item) => item.kind === 'runs');
    const [first, second, third, fourth] = await runs.queue(
      { name: 'first' },
      { name: 'second' },
      { name: 'third' },
      { name: 'fourth' },
    );
    const [a = '', b = '', c = '', d = ''] = [first, second, third, fourth].map((run) => run?.id);
    await runs.page.request('runs.unqueue', { run: b });
    await runs.page.request('runs.reorder', { run: d, place: 0 });
    expect([a, b, c, d]).toEqual(['first', 'second', 'third', 'fourth']);
    for (const id of [a, c, d]) await runs.ended(id);
    // The order in which they began.
    const begun = watch.items.flatMap((item) =>
      item.kind === 'run' && item.run.state === 'running' ? [item.run.id] : [],
    );
    expect([...new Set(begun)]).toEqual([a, d, c]);
    const removed = watch.items.flatMap((item) => (item.kind === 'removed' ? [item.run] : []));
    expect(removed).toEqual([b]);
    const busy = new Map<string, string>();
    for (const item of watch.items) {
      if (item.kind === 'removed') busy.delete(item.run);
      if (item.kind === 'run') busy.set(item.run.id, item.run.state);
      const training = [...busy.values()].filter((state) => state === 'running');
      expect(training.length).toBeLessThan(2);
    }
    watch.stream.close();
    expect(statesOf(await list(), 'first', 'second', 'third', 'fourth')).toEqual([
      'finished',
      undefined,
      'finished',
      'finished',
    ]);
  });

  test('a page that watches a waiting run receives everything when it starts', async () => {
    const [, second] = await runs.queue({ name: 'ahead' }, { name: 'behind' });
    const queued = second?.id ?? '';
    const watch = runs.page.open('runs.watch', { run: queued });
    const waiting = await watch.item((item) => item.kind === 'state');
    expect(waiting).toMatchObject({ run: { id: queued, state: 'waiting' } });
    await watch.item((item) => item.kind === 'state' && item.run.state === 'finished');
    // Everything from the beginning, each step once.
    const told = watch.items.slice(watch.items.findLastIndex(({ kind }) => kind === 'begin'));
    const steps = told.flatMap((item) => (item.kind === 'steps' ? [...item.steps.iteration] : []));
    const run = await runs.ended(queued);
    expect(steps).toEqual(Array.from({ length: run.iterations }, (_, i) => i + 1));
    watch.stream.close();
  });

  test('a run that has just started can be paused and stopped', async () => {
    const [queued] = await runs.queue({ ...endless, name: 'quickly' });
    const run = queued?.id ?? '';
    expect(await runs.started('quickly')).toBe(run);
    await runs.page.request('runs.pause', { run });
    await runs.page.request('runs.continue', { run });
    await runs.page.request('runs.stop', { run });
    expect(await runs.ended(run)).toMatchObject({ state: 'stopped' });
  });

  test('a run that is stopped before it has started leaves nothing, and the next begins', async () => {
    const watch = runs.page.open('workbench.watch', null);
    const [early] = await runs.queue({ name: 'early' }, { name: 'next' });
    await runs.page.request('runs.stop', { run: early?.id ?? '' });
    await runs.ended(await runs.started('next'));
    expect(statesOf(await list(), 'early', 'next')).toEqual([undefined, 'finished']);
    expect(watch.items.filter((item) => item.kind === 'notice' && item.level !== 'good')).toEqual([]);
    watch.stream.close();
  });

  test('survives the program: waiting runs keep waiting, and the run that trained can be resumed', async () => {
    const id = await runs.start({ ...endless, name: 'long' });
    await runs.queue({ name: 'patient' });
    runs = await runs.reopen();
    // With no run training, the queue continues automatically.
    await runs.ended(await runs.started('patient'));
    expect(statesOf(await list(), 'long', 'patient')).toEqual(['stopped', 'finished']);
    const watch = runs.page.open('runs.watch', { run: id });
    await watch.item((item) => item.kind === 'live');
    const before = watch.items.findLast((item) => item.kind === 'steps');
    await runs.page.request('runs.resume', { run: id, changes: {}, text: null });
    const begun = await watch.item((item) => item.kind === 'begin', 1);
    await watch.item(
      (item) =>
        item.kind === 'steps' && last(item.steps) > last(before?.kind === 'steps' ? before.steps : null),
      watch.items.indexOf(begun),
    );
    await runs.page.workbench.stopAll();
    watch.stream.close();
    runs = await runs.reopen();
    expect(statesOf(await list(), 'long')).toEqual(['stopped']);
  });

  test('a second workbench on the same folder watches and starts nothing', async () => {
    const other = await RunsOfWorkbench.open(runs.folders);
    const watch = other.page.open('workbench.watch', null);
    await watch.item((item) => item.kind === 'notice' && item.level === 'warning');
    await expect(other.queue({ name: 'twice' })).rejects.toMatchObject({ code: 'run-busy' });
    expect((await other.page.request('runs.list', null)).length).toBeGreaterThan(0);
    watch.stream.close();
    await other.page.workbench.dispose();
  });

  test('a second workbench sees that a run waits, and that it continues', async () => {
    const run = await runs.start({ ...endless, name: 'watched' });
    const other = await RunsOfWorkbench.open(runs.folders);
    const watch = other.page.open('runs.watch', { run });
    const seen = (state: string, after: number): Promise<unknown> =>
      watch.item((item) => item.kind === 'state' && item.run.state === state, after);
    await seen('running', 0);
    await runs.page.request('runs.pause', { run });
    await seen('paused', 0);
    // A checkpoint saved meanwhile does not end the pause.
    await runs.page.request('runs.checkpoint', { run });
    await watch.item((item) => item.kind === 'checkpoint');
    expect(await other.page.request('runs.get', { run })).toMatchObject({ run: { state: 'paused' } });
    const paused = watch.items.length;
    await runs.page.request('runs.continue', { run });
    await seen('running', paused);
    watch.stream.close();
    await other.page.workbench.dispose();
    await runs.page.request('runs.stop', { run });
  });
});

// Windows has no SIGINT for another process.
describe.skipIf(process.platform === 'win32')('a run that the command line trains', () => {
  test('is followed live from its files, and cannot be stopped or removed', async () => {
    const text = (await runs.page.request('texts.list', null)).find(({ id }) => id === runs.text);
    const words = ['out/main/cli.js', 'train', text?.path ?? '', '--out', runs.folders.runs, '--json'];
    const settings = ['--name', 'outside', '--rnn-size', '16', '--num-layers', '1', '--batch-size', '8'];
    const more = ['--seq-length', '25', '--max-epochs', '1000', '--threads', '1', '--val-frac', '0.05'];
    const training = startNode([...words, ...settings, ...more], { cwd: root });
    const id = await runs.started('outside');
    const watch = runs.page.open('runs.watch', { run: id });
    await watch.item((item) => item.kind === 'state' && item.run.state === 'running');
    const live = await watch.item((item) => item.kind === 'live');
    await watch.item((item) => item.kind === 'steps', watch.items.indexOf(live));
    await expect(runs.page.request('runs.stop', { run: id })).rejects.toMatchObject({ code: 'not-found' });
    const removal = await runs.page.request('runs.remove', { runs: [id] });
    expect([removal.files, removal.kept.length]).toEqual([[], 1]);
    training.process.kill('SIGINT');
    expect((await training.finished).code).toBe(0);
    await watch.item((item) => item.kind === 'state' && item.run.state === 'stopped');
    const told = watch.items.flatMap((item) => (item.kind === 'steps' ? [...item.steps.iteration] : []));
    expect(told).toEqual(Array.from({ length: told.length }, (_, i) => i + 1));
    watch.stream.close();
  });
});

function last(steps: { readonly iteration: readonly number[] } | null): number {
  return steps?.iteration.at(-1) ?? 0;
}
