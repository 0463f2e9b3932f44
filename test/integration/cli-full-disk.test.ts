import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { trainEvent } from '../../src/cli/json-output.ts';
import { readRunRecord } from '../../src/node/files/run-folder.ts';
import { charloom, jsonLines, root, startCharloom } from '../support/processes.ts';
import { canMount, fillDisk, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { quickModel, temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const folder = temporaryFolder('cli-full-disk');
const text = writeText(folder, 'text.txt', wordyText(2000));
const plenty = 50_000_000;
const disks: SmallDisk[] = [];
const isMountable = canMount(join(folder, 'probe'));
const why = isMountable ? '' : ' (skipped: this system lets us mount no small disk)';
afterAll(() => disks.forEach((disk) => disk.unmount()));

function smallDisk(name: string, bytes: number): SmallDisk {
  const disk = mountSmallDisk(join(folder, name), bytes);
  if (disk === undefined) throw new Error('mounting worked a moment ago');
  disks.push(disk);
  return disk;
}

describe.skipIf(!isMountable)(`charloom train on a full disk${why}`, () => {
  const options = { env: { CHARLOOM_HOME: join(folder, 'home') } };
  const words = (out: string): readonly string[] => [
    ...['train', text, ...quickModel, '--rnn-size', '64', '--eval-every', '5', '--max-iterations', '30'],
    ...['--out', out],
  ];
  const wait = 'The disk is full: the run waits until space is free.';

  test('reports waiting and continuing to scripts', async () => {
    const disk = smallDisk('json', 300_000);
    const running = startCharloom([...words(disk.folder), '--json'], options);
    await running.line((line) => line.includes('"event":"state"'));
    const listed = await charloom(['runs', '--out', disk.folder], options);
    disk.resize(plenty);
    const { code, stdout } = await running.finished;
    expect(code).toBe(0);
    const events = jsonLines(stdout).map((line) => trainEvent.parse(line));
    const run = join(disk.folder, 'text');
    const states = events.filter(({ event }) => event === 'state');
    expect(states).toMatchObject([{ state: 'paused' }, { state: 'running', reason: null }]);
    const told = new RegExp(`^${wait} It needs .+ in ${run}\\.$`);
    expect(states[0]).toMatchObject({ reason: expect.stringMatching(told) as string });
    expect(events.at(-1)).toMatchObject({ event: 'done', end: 'finished', i: 30 });
    // Seen from outside it was paused, and why.
    expect(listed.stdout).toMatch(/^text +paused /m);
    expect(listed.stdout).toContain(`problem: text: ${wait}`);
  });

  test('loses lines where its output goes to a file on a full disk, and nothing else', async () => {
    const disk = smallDisk('log', 200_000);
    const log = join(disk.folder, 'log.txt');
    // Whole pages of memory, of any size: the next line needs another.
    const before = 'x'.repeat(65_536);
    writeFileSync(log, before);
    fillDisk(join(disk.folder, 'ballast'));
    const file = openSync(log, 'a');
    const out = join(folder, 'full-log');
    const child = spawn(process.execPath, [join(root, 'bin', 'charloom.js'), ...words(out)], {
      stdio: ['ignore', file, file],
      env: { ...process.env, ...options.env },
    });
    closeSync(file);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readFileSync(log, 'utf8')).toBe(before);
    expect(await readRunRecord(join(out, 'text'))).toMatchObject({ state: 'finished', iteration: 30 });
  });

  test('reports it in a sentence, and says on Ctrl-C what is not saved', async () => {
    const disk = smallDisk('words', 300_000);
    const running = startCharloom(words(disk.folder), options);
    await running.line((line) => line.startsWith(wait) && line.endsWith('Ctrl-C exits.'));
    running.process.kill('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(0);
    const told =
      /^The disk is full: everything after iteration (\d+) is unsaved\..*\n+Stopped after iteration (\d+)\.$/m;
    const [, saved, stopped] = told.exec(stdout) ?? [];
    expect(Number(stopped)).toBe(Number(saved) + 5);
    disk.resize(plenty);
    const resumed = await charloom(['train', '--resume', 'text', '--out', disk.folder], options);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stdout).toContain(`resuming after iteration ${saved}`);
  });
});
