import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { RunController } from '../../src/node/session/controller.ts';
import type { SessionHooks, SessionOutcome } from '../../src/node/session/session-types.ts';
import type { StateEvent } from '../../src/shared/domain/run-event.ts';
import { formatBytes } from '../../src/shared/format/numbers.ts';
import { defaultSampleSettings } from '../../src/shared/domain/sample-settings.ts';
import { loadLateBackend } from '../support/late-backend.ts';
import {
  checkpointDigests,
  cliffSettings,
  cliffText,
  metricLines,
  quickSettings,
  session,
  type Told,
} from '../support/sessions.ts';
import { canMount, fillDisk, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('full-disk');
const text = writeText(folder, 'text.txt', wordyText(2000));
const cliff = writeText(folder, 'cliff.txt', cliffText);
/** One checkpoint takes some 90 KB. */
const settings = { ...quickSettings, rnnSize: 32, evaluateEvery: 5, maxIterations: 45 };
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

/** Runs that always had space: one from random weights, one that starts from a checkpoint of it. */
let first: Told;
let undisturbed: Told;
let initFrom: string;
beforeAll(async () => {
  first = await session({ text, runs: join(folder, 'first'), settings, samples });
  initFrom = first.outcome.best?.path ?? '';
  undisturbed = await session({ text, runs: join(folder, 'undisturbed'), settings, samples, initFrom });
});

/** Everything that a run computes, whatever its folder is called. */
function numbersOf({ outcome, steps }: Told): object {
  return { ...keptNumbersOf(outcome), steps };
}

/** The part of it on disk. */
function keptNumbersOf({ folder: run, end, iteration, best, unsaved }: SessionOutcome): object {
  const read = (name: string): string =>
    existsSync(join(run, name)) ? readFileSync(join(run, name), 'utf8') : '';
  return {
    outcome: { end, iteration, best: best?.validationLoss, unsaved },
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
function onWait(hear: (event: StateEvent, controller: RunController) => unknown) {
  return (controller: RunController): SessionHooks => ({
    onEvent: (event) => {
      if (event.kind === 'state' && event.session === undefined) hear(event, controller);
    },
  });
}

describe.skipIf(!isMountable)(`a run on a full disk${why}`, () => {
  test('that lacks room for a while computes and keeps what an undisturbed run does, to the bit', async () => {
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
        disk.resize((size += 2 * page));
        controller.continue();
      }),
    });
    expect(numbersOf(waited)).toEqual(numbersOf(undisturbed));
    expect(await readRunRecord(waited.outcome.folder)).toMatchObject({ state: 'finished', reason: null });
    expect(reasons.length).toBeGreaterThan(50);
    expect(
      new Set(reasons.map((reason) => /^The disk is full: .* until space is free\./.test(reason))),
    ).toEqual(new Set([true]));
    // The log of the undisturbed run occurs once and in order, with the waits in between.
    const log = logOf(waited.outcome.folder);
    const isWait = (line: string): boolean => line === 'continued' || line.startsWith('paused: ');
    expect(log.filter((line) => !isWait(line))).toEqual(logOf(undisturbed.outcome.folder));
    expect(log.filter(isWait).length).toBeGreaterThan(10);
  });

  test.each([
    [
      'goes back after an explosion',
      { settings: cliffSettings, text: cliff },
      () => loadWasmBackend({ threads: 1 }),
    ],
    ['has several steps under way', { settings, text }, () => loadLateBackend(3)],
  ] as const)('computes the same where it %s', async (name, request, loadBackend) => {
    const common = { ...request, loadBackend, resumePointIntervalMs: 1 };
    const expected = await session({ ...common, runs: join(folder, `expected ${name}`) });
    let size = page;
    const disk = smallDisk(name, size);
    const waited = await session({
      ...common,
      runs: disk.folder,
      hooks: onWait((event, controller) => {
        if (event.state !== 'paused') return;
        disk.resize((size += 2 * page));
        controller.continue();
      }),
    });
    expect(size).toBeGreaterThan(20 * page);
    expect(numbersOf(waited)).toEqual(numbersOf(expected));
  });

  test.each([1, 3])('waits soon between two saves, with %i steps under way', async (stepsInFlight) => {
    const loadBackend = () => loadLateBackend(stepsInFlight);
    const quiet = { text, loadBackend, settings: { ...settings, evaluateEvery: 1000 } };
    const expected = await session({ ...quiet, runs: join(folder, `quiet ${stepsInFlight}`) });
    const disk = smallDisk(`between ${stepsInFlight}`, plenty);
    const states: StateEvent[] = [];
    const waited = await session({
      ...quiet,
      runs: disk.folder,
      hooks: () => ({
        onEvent: (event) => {
          // Metrics are written once a second.
          if (event.kind === 'step') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
          if (event.kind === 'step' && event.iteration === 2) fillDisk(join(disk.folder, 'ballast'));
          if (event.kind !== 'state' || event.session !== undefined) return;
          states.push(event);
          if (event.state === 'paused') rmSync(join(disk.folder, 'ballast'));
        },
      }),
    });
    expect(states.map(({ state }) => state)).toEqual(['paused', 'running', 'finished']);
    expect(states[0]?.iteration).toBeLessThan(settings.maxIterations);
    expect(states[1]?.iteration).toBe(states[0]?.iteration);
    expect(numbersOf(waited)).toEqual(numbersOf(expected));
  });

  test('stays paused when there is room again, if the user paused it', async () => {
    const disk = smallDisk('person', 300_000);
    const states: string[] = [];
    const waited = await session({
      text,
      runs: disk.folder,
      settings,
      samples,
      hooks: onWait((event, controller) => {
        states.push(`${event.state}${event.reason === undefined ? '' : ' for room'}`);
        if (event.reason !== undefined) {
          controller.pause();
          disk.resize(plenty);
        } else if (event.state === 'paused') controller.continue();
      }),
    });
    expect(states).toEqual(['paused for room', 'running', 'paused', 'running', 'finished']);
    expect(numbersOf(waited)).toEqual(numbersOf(first));
  });

  test('continues automatically when there is room, and says how much it needs, and where', async () => {
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
    const wait = 'The disk is full: the run waits until space is free.';
    expect(sizes.map((size) => `${wait} It needs ${size} in ${waited.outcome.folder}.`)).toContain(
      states[0]?.reason,
    );
    // Readers of the run's files see that it waits, if there is space to record that.
    expect(records).toMatchObject([
      { state: 'paused', reason: states[0]?.reason },
      { state: 'running', reason: null },
      { state: 'finished', reason: null },
    ]);
  });

  test.each(['stop', 'suspend'] as const)(
    'ends on request (%s), reports what is not saved, and resumes to the same end',
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
      const told = /^The disk is full: everything after iteration (\d+) is unsaved\./.exec(unsaved ?? '');
      expect(Number(told?.[1])).toBe(iteration - settings.evaluateEvery);
      expect(ends).toMatchObject([{ state: 'suspended', reason: unsaved }]);
      expect(stopped.notices).toEqual([unsaved]);
      expect(await readRunRecord(run)).toMatchObject({ state: 'stopped', reason: unsaved });
      expect(existsSync(join(run, 'run.lock'))).toBe(false);
      disk.resize(plenty);
      const resumed = await session({ resume: run, samples });
      expect(keptNumbersOf(resumed.outcome)).toEqual(keptNumbersOf(first.outcome));
    },
  );

  test('that is stopped before it has a folder leaves nothing behind', async () => {
    const disk = smallDisk('before', page);
    const run = session({
      text,
      runs: join(disk.folder, 'runs'),
      settings,
      initFrom,
      hooks: onWait((waits, controller) => waits.state === 'paused' && controller.stop()),
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(disk.folder, 'runs'))).toEqual([]);
  });
});
