import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, startNode } from '../support/processes.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder } from '../support/texts.ts';

let copy: string;
let served: Served;
beforeAll(async () => {
  // A separate build that can be removed. Inside the project, where its packages are found.
  mkdirSync(join(root, 'test/output'), { recursive: true });
  copy = mkdtempSync(join(root, 'test/output/vanishing-'));
  cpSync(join(root, 'out'), join(copy, 'out'), { recursive: true });
  const home = temporaryFolder('serve-rebuild');
  const words = [join(copy, 'out/main/cli.js'), 'serve', '--json', '--no-open'];
  served = await Served.over(startNode(words, { env: { CHARLOOM_HOME: home } }));
});
afterAll(async () => {
  served.running.process.kill('SIGINT');
  await served.running.finished;
  rmSync(copy, { recursive: true, force: true });
});

const get = async (path: string): Promise<readonly [number, string]> => {
  const response = await fetch(served.address + path);
  return [response.status, await response.text()];
};

test('missing pages are reported in words, and the browser host continues', async () => {
  const [, index] = await get('/');
  const asset = /\.(\/assets\/[^"]+\.js)"/.exec(index)?.[1] ?? '';
  expect((await get(asset))[0]).toBe(200);
  renameSync(join(copy, 'out/renderer'), join(copy, 'out/elsewhere'));
  for (const path of ['/', asset, '/never.js']) {
    const [status, words] = await get(path);
    expect(status).toBe(503);
    expect(words).toContain('Try again in a moment');
  }
  // A build in the middle: the start is there, what it needs is not.
  cpSync(join(copy, 'out/elsewhere/index.html'), join(copy, 'out/renderer/index.html'));
  expect(await get(asset)).toEqual([404, 'Not found.']);
  expect((await get('/'))[0]).toBe(200);
  expect(await served.request('runs.list', null)).toEqual([]);
  rmSync(join(copy, 'out/renderer'), { recursive: true });
  renameSync(join(copy, 'out/elsewhere'), join(copy, 'out/renderer'));
  expect((await get('/'))[1]).toBe(index);
  expect((await get(asset))[0]).toBe(200);
  served.running.process.kill('SIGINT');
  const { code, stderr } = await served.running.finished;
  expect([code, stderr]).toEqual([0, '']);
});
