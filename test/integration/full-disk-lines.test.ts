import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RunFolder } from '../../src/node/files/run-folder.ts';
import { appendSample, readSamples } from '../../src/node/files/sample-log.ts';
import { FullDiskError } from '../../src/node/files/storage-error.ts';
import type { Sample } from '../../src/shared/domain/run.ts';
import { canMount, fillDisk, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('full-disk-lines');
const isMountable = canMount(join(folder, 'probe'));
const why = isMountable ? '' : ' (skipped: this system lets us mount no small disk)';
const disks: SmallDisk[] = [];

function smallDisk(name: string, bytes: number): SmallDisk {
  const disk = mountSmallDisk(join(folder, name), bytes);
  if (disk === undefined) throw new Error('mounting worked a moment ago');
  disks.push(disk);
  return disk;
}

afterAll(() => {
  for (const disk of disks) disk.unmount();
});

describe.skipIf(!isMountable)(`lines for a file on a full disk${why}`, () => {
  /** Longer than what a disk may have left in its last block. */
  const words = Array.from({ length: 10 }, (_, i) => `${String(i).repeat(999)}.`);

  test('of the log are written completely or not at all, and wait in order', async () => {
    const disk = smallDisk('log', 300_000);
    const run = await RunFolder.create(disk.folder, 'log');
    const read = (): readonly string[] =>
      readFileSync(run.paths.log, 'utf8')
        .split('\n')
        .map((line) => line.slice(line.indexOf('  ') + 2));
    run.log('The first line.');
    await run.flushLog();
    fillDisk(join(disk.folder, 'ballast'));
    for (const line of words) {
      run.log(line);
      await run.flushLog().catch((error: unknown) => expect(error).toBeInstanceOf(FullDiskError));
    }
    const kept = read().slice(0, -1);
    expect(kept).toEqual(['The first line.', ...words].slice(0, kept.length));
    expect(kept.length).toBeLessThan(words.length);
    rmSync(join(disk.folder, 'ballast'));
    await run.flushLog();
    expect(read()).toEqual(['The first line.', ...words, '']);
    await run.release();
  });

  test('of samples.jsonl leave no part behind', async () => {
    const disk = smallDisk('samples', 300_000);
    const path = join(disk.folder, 'samples.jsonl');
    const sample = (iteration: number): Sample => ({
      ...{ iteration, epoch: 1, validationLoss: 1, temperature: 1, seed: 1, primeText: '' },
      text: words.join(),
    });
    await appendSample(path, sample(1));
    const before = readFileSync(path, 'utf8');
    fillDisk(join(disk.folder, 'ballast'));
    await expect(appendSample(path, sample(2))).rejects.toBeInstanceOf(FullDiskError);
    expect(readFileSync(path, 'utf8')).toBe(before);
    rmSync(join(disk.folder, 'ballast'));
    await appendSample(path, sample(2));
    expect(await readSamples(path)).toEqual([sample(1), sample(2)]);
  });
});
