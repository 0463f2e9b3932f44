import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunProgress } from '../../src/shared/domain/run-progress.ts';
import type { RunEnd } from '../../src/shared/domain/run-end.ts';
import { canMount, fillDisk, mountSmallDisk } from '../support/storage.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';
import { newFolders } from '../support/workbench.ts';
import { endless, quick, RunsOfWorkbench } from '../support/workbench-runs.ts';

let runs: RunsOfWorkbench;
const progress: (RunProgress | null)[] = [];
const ends: RunEnd[] = [];
beforeAll(async () => {
  runs = await RunsOfWorkbench.open();
  runs.page.workbench.onProgress((now) => progress.push(now));
  runs.page.workbench.onRunEnd((end) => ends.push(end));
});
afterEach(() => expect(runs.page.defects).toEqual([]));
afterAll(() => runs.page.workbench.dispose());

describe('notices from a workbench to its host', () => {
  test('report the progress of a run from start to end', async () => {
    const id = await runs.start({ maxEpochs: 40 });
    await runs.ended(id);
    await expect.poll(() => ends).toHaveLength(1);
    expect(ends[0]).toMatchObject({ run: id, name: 'weaver', how: 'finished', level: 'good' });
    const told = progress.map((now) => now?.fraction ?? now);
    expect(told.at(-1)).toBeNull();
    const fractions = told.filter((fraction) => typeof fraction === 'number');
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(progress.map((now) => now?.state)).toEqual(expect.arrayContaining(['starting', 'running']));
    await expect.poll(() => runs.page.workbench.progress).toBeNull();
  });

  test('say nothing about a run that was stopped, and report one whose process was killed', async () => {
    const stopped = await runs.start({ ...endless, name: 'stopped' });
    await runs.page.request('runs.stop', { run: stopped });
    await runs.ended(stopped);
    const killed = await runs.start({ ...endless, name: 'killed' });
    const now = () => runs.page.workbench.progress;
    await expect.poll(now).toMatchObject({ run: killed, name: 'killed' });
    const watch = runs.page.open('workbench.watch', null);
    await watch.item((item) => item.kind === 'runs');
    const lock = JSON.parse(readFileSync(join(runs.folders.runs, killed, 'run.lock'), 'utf8')) as {
      holder: { pid: number };
    };
    process.kill(lock.holder.pid, 'SIGKILL');
    const item = await watch.item((one) => one.kind === 'ended');
    watch.stream.close();
    expect(ends.slice(1)).toMatchObject([{ run: killed, name: 'killed', how: 'interrupted', level: 'bad' }]);
    expect(item).toEqual({ kind: 'ended', end: ends[1] });
  });

  test.skipIf(!canMount(temporaryFolder('mounts')))(
    'report a run that waits for disk space, on its page too, although its files cannot say so',
    async () => {
      const folders = newFolders();
      const disk = mountSmallDisk(folders.runs, 4_000_000);
      const other = await RunsOfWorkbench.open(folders);
      try {
        const held: RunEnd[] = [];
        other.page.workbench.onRunEnd((end) => held.push(end));
        const id = await other.start({ ...endless, name: 'crowded' });
        await other.queue({ name: 'next' });
        const ballast = join(folders.runs, 'ballast');
        fillDisk(ballast);
        await expect.poll(() => held).toHaveLength(1);
        const why = /The disk is full: the run waits until space is free\. It needs .* in .*crowded\./;
        expect(held).toMatchObject([{ run: id, name: 'crowded', how: 'held', level: 'warning' }]);
        expect(held[0]?.message).toMatch(why);
        const look = async (run: string) => (await other.page.request('runs.get', { run })).run;
        expect(await look(id)).toMatchObject({
          state: 'paused',
          reason: expect.stringMatching(why) as string,
        });
        // What is no run's has another remedy.
        const note = other.page.request('runs.describe', {
          run: id,
          name: 'crowded',
          note: 'A note.',
        });
        await expect(note).rejects.toMatchObject({
          code: 'storage',
          fix: 'Free some space and try again.',
        });
        // A user who continues it in vain sees that it still waits, without another message.
        const state = async () => (await look(id)).state;
        await other.page.request('runs.continue', { run: id });
        await expect.poll(state).toBe('paused');
        rmSync(ballast);
        await other.page.request('runs.continue', { run: id });
        await expect.poll(state).toBe('running');
        expect(await look(id)).toMatchObject({ reason: null });
        fillDisk(ballast);
        await expect.poll(() => held).toHaveLength(2);
        rmSync(ballast);
        // No one asks for it.
        await expect.poll(state, { timeout: 20_000 }).toBe('running');
        fillDisk(ballast);
        await expect.poll(() => held).toHaveLength(3);
        await other.page.request('runs.stop', { run: id });
        const stopped = await other.ended(id);
        expect(stopped.reason).toMatch(/^The disk is full: everything after iteration \d+ is unsaved\./);
        // The next one waits before it has anything, and is removed when it is stopped.
        await expect
          .poll(async () => (await look('next')).reason)
          .toMatch(/^The disk is full: the run waits/);
        await other.page.request('runs.stop', { run: 'next' });
        await expect.poll(() => existsSync(join(folders.runs, 'next'))).toBe(false);
      } finally {
        await other.page.workbench.dispose();
        disk?.unmount();
      }
    },
  );

  test('say what is left of a run that exploded', async () => {
    const wild = { learningRate: 10, gradientClip: 1000, name: 'wild' };
    ends.length = 0;
    for (const evaluateEvery of [1, 1000]) await runs.ended(await runs.start({ ...wild, evaluateEvery }));
    await expect.poll(() => ends).toHaveLength(2);
    expect(ends.map(({ message }) => message)).toEqual([
      expect.stringMatching(/exploded; its checkpoints are intact\./),
      expect.stringMatching(/exploded before its first checkpoint\./),
    ]);
  });

  test('say what went wrong when a run never started', async () => {
    const text = await runs.page.workbench.addTextFile(
      writeText(runs.folders.home, 'short.txt', wordyText(2000)),
    );
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    const settings = { ...quick, name: 'too large', batchSize: 1000 };
    await runs.page.request('runs.start', { requests: [{ text: text.id, settings, ...common }] });
    await expect.poll(() => ends.at(-1)?.name).toBe('too large');
    expect(ends.at(-1)).toMatchObject({ run: 'too large', name: 'too large', how: 'failed', level: 'bad' });
    const { run } = await runs.page.request('runs.get', { run: 'too large' });
    expect(run).toMatchObject({ state: 'failed', spec: null, settings });
    expect(ends.at(-1)?.message).toContain(run.reason);
  });
});
