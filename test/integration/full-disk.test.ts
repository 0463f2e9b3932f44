import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { RunController } from '../../src/node/session/controller.ts';
import type { SessionHooks } from '../../src/node/session/session-types.ts';
import type { StateEvent } from '../../src/shared/domain/run-event.ts';
import { formatBytes } from '../../src/shared/format/numbers.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { checkpointDigests, metricLines, quickSettings, session, type Told } from '../support/sessions.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('full-disk');
const text = writeText(folder, 'text.txt', wordyText(2000));
/** One checkpoint takes some 90 KB. */
const settings = { ...quickSettings, rnnSize: 32, evaluateEvery: 5 };
const samples = { ...defaultSampleSettings, length: 60 };
const page = 4096;
const plenty = 50_000_000;
const disks: SmallDisk[] = [];
const isMountable = canMount(join(folder, 'probe'));
const why = isMountable ? '' : ' (skipped: this system lets us mount no small disk)';

function smallDisk(name: string, bytes: number): SmallDisk {
  const disk = mountSmallDisk(join(folder, name), bytes);
  if (disk === undefined) throw new Error('mounting worked a moment ago');
  disks.push(disk);
  return disk;
}
afterAll(() => disks.forEach((disk) => disk.unmount()));

/** Runs that had room from the beginning: one from random parameters, one that begins with a checkpoint of it. */
let first: Told;
let undisturbed: Told;
let initFrom: string;
beforeAll(async () => {
  first = await session({ text, runs: join(folder, 'first'), settings, samples });
  initFrom = first.outcome.best?.path ?? '';
  undisturbed = await session({ text, runs: join(folder, 'undisturbed'), settings, samples, initFrom });
});

/** Everything that a run computes, whatever its files are called. */
function numbersOf({ outcome: { folder: run, best: _, ...outcome }, steps }: Told): object {
  const read = (name: string): string => readFileSync(join(run, name), 'utf8');
  return {
    outcome: { ...outcome, folder: null },
    steps,
    metrics: metricLines(run),
    checkpoints: checkpointDigests(run),
    samples: read('samples.jsonl'),
    baselines: read('baselines.json'),
    names: readdirSync(run).toSorted(),
  };
}

function logOf(run: string): readonly string[] {
  const lines = readFileSync(join(run, 'log.txt'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.slice(line.indexOf('  ') + 2).replaceAll(run, 'RUN'));
}

/** Hears of each change between waiting and training. */
function onWait(hear: (event: StateEvent, controller: RunController) => void) {
  return (controller: RunController): SessionHooks => ({
    onEvent: (event) => {
      if (event.kind === 'state' && event.session === undefined) hear(event, controller);
    },
  });
}

describe.skipIf(!isMountable)(`a run on a full disk${why}`, () => {
  test('that finds room for nothing at once computes and keeps what one with room does, to the bit', async () => {
    let size = page;
    const disk = smallDisk('by-the-page', size);
    const reasons: string[] = [];
    const waited = await session({
      text,
      runs: join(disk.folder, 'runs'),
      settings,
      samples,
      initFrom,
      resumePointIntervalMs: 1,
      hooks: onWait((event, controller) => {
        if (event.state !== 'paused') return;
        reasons.push(event.reason ?? '');
        disk.resize((size += page));
        controller.continue();
      }),
    });
    expect(numbersOf(waited)).toEqual(numbersOf(undisturbed));
    expect(await readRunRecord(waited.outcome.folder)).toMatchObject({ state: 'finished', reason: null });
    expect(reasons.length).toBeGreaterThan(100);
    expect(
      new Set(reasons.map((reason) => /^The disk is full: .* until there is room\./.test(reason))),
    ).toEqual(new Set([true]));
    // Whatever the log tells of a run that had room stands there once and in order; between it stands when this one waited.
    const log = logOf(waited.outcome.folder);
    const isWait = (line: string): boolean => line === 'going on' || line.startsWith('paused: ');
    expect(log.filter((line) => !isWait(line))).toEqual(logOf(undisturbed.outcome.folder));
    expect(log.filter(isWait).length).toBeGreaterThan(10);
  });

  test('goes on by itself when there is room, and says how much it needs, and where', async () => {
    const disk = smallDisk('by-itself', 450_000);
    const states: StateEvent[] = [];
    const records: unknown[] = [];
    const waited = await session({
      text,
      runs: disk.folder,
      settings,
      samples,
      hooks: onWait((event) => {
        states.push(event);
        records.push(JSON.parse(readFileSync(join(disk.folder, 'quick', 'run.json'), 'utf8')));
        if (event.state === 'paused') disk.resize(plenty);
      }),
    });
    expect(numbersOf(waited)).toEqual(numbersOf(first));
    expect(states.map(({ state }) => state)).toEqual(['paused', 'running', 'finished']);
    const checkpoints = join(waited.outcome.folder, 'checkpoints');
    const sizes = readdirSync(checkpoints).map((name) => formatBytes(statSync(join(checkpoints, name)).size));
    const wait = 'The disk is full: the run waits until there is room.';
    expect(sizes.map((size) => `${wait} It needs ${size} in ${waited.outcome.folder}.`)).toContain(
      states[0]?.reason,
    );
    // Whoever looks from outside sees that it waits, where there is room for that.
    expect(records).toMatchObject([
      { state: 'paused', reason: states[0]?.reason },
      { state: 'running', reason: null },
      { state: 'finished', reason: null },
    ]);
  });

  test.each(['stop', 'suspend'] as const)(
    'ends when somebody wants it to (%s), tells what is not saved, and goes on to the same end',
    async (how) => {
      const disk = smallDisk(how, 450_000);
      const ends: StateEvent[] = [];
      const stopped = await session({
        text,
        runs: disk.folder,
        settings,
        samples,
        hooks: onWait((event, controller) => {
          if (event.state === 'paused') controller[how]();
          else ends.push(event);
        }),
      });
      const { folder: run, end, iteration, unsaved } = stopped.outcome;
      expect(end).toBe('suspended');
      const told = /^The disk is full: what came after iteration (\d+) is not saved\./.exec(unsaved ?? '');
      expect(Number(told?.[1])).toBe(iteration - settings.evaluateEvery);
      expect(ends).toMatchObject([{ state: 'suspended', reason: unsaved }]);
      expect(stopped.notices).toEqual([unsaved]);
      expect(await readRunRecord(run)).toMatchObject({ state: 'stopped', reason: unsaved });
      expect(existsSync(join(run, 'run.lock'))).toBe(false);
      disk.resize(plenty);
      const resumed = await session({ resume: run, samples });
      const { steps: _, ...numbers } = numbersOf(resumed) as { steps: unknown };
      expect({ ...numbers, steps: first.steps }).toEqual(numbersOf(first));
    },
  );

  test('that is stopped before it has a folder leaves nothing behind', async () => {
    const disk = smallDisk('before', page);
    const run = session({
      text,
      runs: join(disk.folder, 'runs'),
      settings,
      initFrom,
      hooks: onWait((_, controller) => controller.stop()),
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(disk.folder, 'runs'))).toEqual([]);
  });
});
