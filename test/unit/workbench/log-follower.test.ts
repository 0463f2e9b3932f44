import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFollower } from '../../../src/workbench/runs/log-follower.ts';
import { temporaryFolder } from '../../support/texts.ts';

const folder = temporaryFolder('log');

test('a growing log is delivered in complete lines, each once', async () => {
  const run = join(folder, 'grows');
  mkdirSync(run);
  const log = join(run, 'log.txt');
  const follower = new LogFollower(run);
  expect(await follower.read()).toEqual([]);
  writeFileSync(log, 'started\nkept a\nkep');
  expect(await follower.read()).toEqual(['started', 'kept a']);
  expect(await follower.read()).toEqual([]);
  appendFileSync(log, 't b\n\nfinished\n');
  expect(await follower.read()).toEqual(['kept b', 'finished']);
});

test('of a long log the last lines are delivered, complete across the portions it is read in', async () => {
  const run = join(folder, 'long');
  mkdirSync(run);
  // Three megabytes, with a character of two bytes in every line.
  const lines = Array.from({ length: 30_000 }, (_, index) => `é line ${index} ${'x'.repeat(90)}`);
  writeFileSync(join(run, 'log.txt'), `${lines.join('\n')}\n`);
  expect(await new LogFollower(run).read()).toEqual(lines.slice(-300));
});

test('a log that cannot be read is empty', async () => {
  const run = join(folder, 'odd');
  mkdirSync(join(run, 'log.txt'), { recursive: true });
  expect(await new LogFollower(run).read()).toEqual([]);
});
