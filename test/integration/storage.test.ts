import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { jsonLines, Running, type Finished } from '../support/processes.ts';
import {
  checkpointDigests,
  metricLines,
  quickSettings,
  session,
  sessionProcess,
  startSession,
} from '../support/sessions.ts';
import type { SessionRequest } from '../support/session-process.ts';
import { canMount, mountSmallDisk, ordinaryUser, setWritable, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('storage');
chmodSync(folder, 0o777);
const text = writeText(folder, 'text.txt', wordyText(2000));
/** One checkpoint takes some 90 KB. */
const settings = { ...quickSettings, rnnSize: 32, maxIterations: 60, evaluateEvery: 5 };
const disks: SmallDisk[] = [];
afterAll(() => disks.forEach((disk) => disk.unmount()));

interface Events extends Finished {
  readonly events: readonly Record<string, unknown>[];
}

async function run(
  request: SessionRequest,
  options: Parameters<typeof startSession>[1] = {},
): Promise<Events> {
  const finished = await startSession(request, options).finished;
  return {
    ...finished,
    events: jsonLines(finished.stdout).map((event) => Object(event) as Record<string, unknown>),
  };
}

function folderOf({ events }: Events): string {
  return String(events.find(({ event }) => event === 'start')?.['folder']);
}

/** Everything kept so far is whole, nothing half-written is left, and the run can be listed. */
async function expectIntact(runFolder: string): Promise<number> {
  const names = readdirSync(join(runFolder, 'checkpoints'));
  for (const name of names) await readCheckpoint(join(runFolder, 'checkpoints', name));
  expect([...readdirSync(runFolder), ...names].filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await readRunRecord(runFolder);
  return names.length;
}

/** The run continues to its end, and equals the one without trouble. */
async function expectGoesOn(
  runFolder: string,
  options: Parameters<typeof startSession>[1] = {},
): Promise<void> {
  const whole = await session({ text, runs: join(folder, 'untroubled'), settings });
  expect(await run({ resume: runFolder }, options)).toMatchObject({ code: 0 });
  expect(checkpointDigests(runFolder)).toEqual(checkpointDigests(whole.outcome.folder));
  expect(metricLines(runFolder)).toEqual(metricLines(whole.outcome.folder));
}

describe('a full disk', () => {
  const mounts = canMount(join(folder, 'probe'));

  test.skipIf(!mounts)(
    `and a power cut while a run waits for room${mounts ? '' : ' (skipped: this system lets us mount no small disk)'}`,
    async () => {
      const disk = mountSmallDisk(join(folder, 'small'), 450_000);
      if (disk === undefined) throw new Error('mounting worked a moment ago');
      disks.push(disk);
      // It waits for room (test/integration/full-disk.test.ts); a power cut takes nothing that was saved.
      const waiting = startSession({ text, runs: disk.folder, settings });
      await waiting.line((line) => line.includes('"state":"paused"'));
      waiting.process.kill('SIGKILL');
      await waiting.finished;
      const runFolder = join(disk.folder, 'quick');
      expect(await expectIntact(runFolder)).toBeGreaterThan(1);
      disk.resize(20_000_000);
      await expectGoesOn(runFolder);
    },
  );

  test.skipIf(process.platform === 'win32')('a file that may not grow: the same without a disk', async () => {
    // Half a checkpoint; everything else is smaller. Counted in blocks of 1,024 bytes.
    const words = [
      process.execPath,
      sessionProcess,
      JSON.stringify({ text, runs: join(folder, 'limited'), settings }),
    ];
    const limit = ['-c', 'ulimit -f 50 && exec "$0" "$@"', ...words];
    const { code, stdout } = await new Running(spawn('bash', limit, { stdio: 'pipe' })).finished;
    expect(code).toBe(2);
    const events = jsonLines(stdout).map((event) => Object(event) as Record<string, unknown>);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'storage' });
    expect(String(events.at(-1)?.['message'])).toContain('larger than this system allows');
    const runFolder = join(folder, 'limited', 'quick');
    expect(await expectIntact(runFolder)).toBe(0);
    await expectGoesOn(runFolder);
  });
});

describe('a folder that may not be written', () => {
  const user = ordinaryUser();

  test.skipIf(user === undefined)(
    'at the start: refused with a sentence, without leaving anything',
    async () => {
      const runs = join(folder, 'locked');
      mkdirSync(runs);
      setWritable(runs, false);
      const { code, events } = await run({ text, runs, settings }, user);
      expect(code).toBe(2);
      expect(events).toMatchObject([{ event: 'error', code: 'storage' }]);
      expect(events[0]?.['message']).toMatch(/^Could not make a run folder: permission is denied/);
      expect(readdirSync(runs)).toEqual([]);
    },
  );

  test.skipIf(user === undefined)('during a run: saved files stay, and the run resumes later', async () => {
    const runs = join(folder, 'closing');
    mkdirSync(runs);
    setWritable(runs, true);
    const running = startSession(
      { text, runs, settings: { ...settings, maxIterations: 0, maxEpochs: 100_000 } },
      user,
    );
    await running.line((line) => line.includes('"checkpoint"'));
    const checkpoints = join(runs, 'quick', 'checkpoints');
    setWritable(checkpoints, false);
    const { stdout } = await running.finished;
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'error', code: 'storage' });
    expect(await expectIntact(join(runs, 'quick'))).toBeGreaterThan(0);
    setWritable(checkpoints, true);
    const resumed = await run(
      { resume: join(runs, 'quick'), settings: { maxIterations: 300, maxEpochs: 100_000 } },
      user,
    );
    expect(resumed).toMatchObject({ code: 0 });
  });

  const mounts = canMount(join(folder, 'probe'));
  test.skipIf(!mounts)(
    `a read-only disk${mounts ? '' : ' (skipped: this system lets us mount no small disk)'}`,
    async () => {
      const disk = mountSmallDisk(join(folder, 'fixed'), 20_000_000);
      if (disk === undefined) throw new Error('mounting worked a moment ago');
      disks.push(disk);
      const stopped = await run({ text, runs: disk.folder, settings, stopAt: 12 });
      disk.setReadOnly(true);
      const refused = await run({ resume: folderOf(stopped) });
      expect(refused.code).toBe(2);
      expect(refused.events).toMatchObject([{ event: 'error', code: 'storage' }]);
      expect(refused.events[0]?.['message']).toContain('the disk is read-only');
      expect(await run({ text, runs: disk.folder, settings })).toMatchObject({ code: 2 });
      disk.setReadOnly(false);
      expect(await run({ resume: folderOf(stopped) })).toMatchObject({ code: 0 });
    },
  );
});

// Windows has no SIGINT for another process.
describe.skipIf(process.platform === 'win32')('two processes on one run folder', () => {
  const endless = { ...settings, maxIterations: 0, maxEpochs: 1_000_000, evaluateEvery: 1_000_000 };

  test('the second is refused while the first runs, and changes nothing', async () => {
    const first = startSession({ text, runs: join(folder, 'two'), settings: endless });
    await first.line((line) => line.includes('"iteration":3,'));
    const runFolder = join(folder, 'two', 'quick');
    const second = await run({ resume: runFolder });
    expect(second.code).toBe(2);
    expect(second.events).toMatchObject([{ event: 'error', code: 'run-busy' }]);
    expect(second.events[0]?.['message']).toContain(`Process ${first.process.pid} is using the run`);
    first.process.kill('SIGINT');
    expect((await first.finished).code).toBe(0);
    expect(existsSync(join(runFolder, 'run.lock'))).toBe(false);
  });

  test('of several that take over from a killed one at the same time, exactly one succeeds', async () => {
    const killed = startSession({
      text,
      runs: join(folder, 'heirs'),
      settings: endless,
      resumePointIntervalMs: 0,
    });
    await killed.line((line) => line.includes('"iteration":3,'));
    killed.process.kill('SIGKILL');
    await killed.finished;
    const runFolder = join(folder, 'heirs', 'quick');
    expect(existsSync(join(runFolder, 'run.lock'))).toBe(true);
    const heirs = Array.from({ length: 5 }, () => startSession({ resume: runFolder }));
    const starts = await Promise.all(
      heirs.map((heir) =>
        heir.line((line) => /"event":"(start|error)"/.test(line)).then((line) => Object(JSON.parse(line))),
      ),
    );
    expect(starts.filter(({ event }) => event === 'start')).toHaveLength(1);
    expect(starts.filter(({ code }) => code === 'run-busy')).toHaveLength(4);
    for (const heir of heirs) heir.process.kill('SIGINT');
    const ends = await Promise.all(heirs.map(({ finished }) => finished));
    expect(ends.filter(({ code }) => code === 0)).toHaveLength(1);
  });
});
