import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, startNode } from '../support/processes.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder } from '../support/texts.ts';

/** A mistake of ours, on demand. */
const defect = "process.on('SIGUSR2', () => void Promise.reject(new Error('nobody foresaw this')))";

let served: Served;
beforeAll(async () => {
  const words = ['--import', `data:text/javascript,${encodeURIComponent(defect)}`];
  const serve = [join(root, 'out/main/cli.js'), 'serve', '--json', '--no-open'];
  served = await Served.over(
    startNode([...words, ...serve], { env: { CHARLOOM_HOME: temporaryFolder('serve-defect') } }),
  );
});
afterAll(() => served.running.process.kill('SIGKILL'));

test.skipIf(process.platform === 'win32')('a defect ends neither the browser host nor the run', async () => {
  const { process: host } = served.running;
  let said = '';
  host.stderr?.on('data', (text) => (said += String(text)));
  host.kill('SIGUSR2');
  await expect.poll(() => said).toContain('nobody foresaw this');
  expect(await served.request('runs.list', null)).toEqual([]);
  host.kill('SIGINT');
  expect((await served.running.finished).code).toBe(0);
});
