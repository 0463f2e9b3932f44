import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BuildStamp } from '../../../scripts/build-stamp.js';
import { temporaryFolder } from '../../support/texts.ts';

const folder = temporaryFolder('build-stamp');
const source = join(folder, 'source', 'main.ts');
const product = join(folder, 'out', 'main.js');
mkdirSync(join(folder, 'source'));
mkdirSync(join(folder, 'out'));

/** Builds with nothing to generate. */
function around(stamp: BuildStamp, build: () => boolean): boolean {
  return stamp.around({ generate: () => true, build });
}

/** Writes the source as if it had been changed so long ago. */
function writeSource(secondsAgo: number): void {
  writeFileSync(source, 'source');
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(source, time, time);
}

test('a build is valid from its end, and covers sources as they were at its beginning', () => {
  const stamp = new BuildStamp(join(folder, 'out', 'built'));
  const isUpToDate = (): boolean => stamp.isNewerThan([join(folder, 'source')]);
  writeSource(60);
  expect(isUpToDate()).toBe(false);

  const duringBuild: boolean[] = [];
  const isBuilt = around(stamp, () => {
    writeFileSync(product, '');
    // The product is newer than its source, and still not whole.
    expect(statSync(product).mtimeMs).toBeGreaterThan(statSync(source).mtimeMs);
    duringBuild.push(isUpToDate());
    return true;
  });
  expect([isBuilt, duringBuild, isUpToDate()]).toEqual([true, [false], true]);

  around(stamp, () => {
    writeSource(-60);
    return true;
  });
  expect(isUpToDate()).toBe(false);
});

test('a build that fails leaves no stamp, not even the earlier one', () => {
  const stamp = new BuildStamp(join(folder, 'out', 'built'));
  writeSource(60);
  around(stamp, () => true);
  expect(stamp.isNewerThan([source])).toBe(true);
  expect(around(stamp, () => false)).toBe(false);
  expect(existsSync(stamp.path)).toBe(false);
  expect(stamp.isNewerThan([source])).toBe(false);
});
