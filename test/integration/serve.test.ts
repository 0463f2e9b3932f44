import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveResult } from '../../src/cli/json-output.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { StreamItem } from '../../src/shared/ipc/contract.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { describeInChromium, launchChromium } from '../support/chromium.ts';
import { charloom } from '../support/processes.ts';
import { Served } from '../support/served.ts';
import { temporaryFolder, wordyText } from '../support/texts.ts';

const home = temporaryFolder('serve');
const runsFolder = join(home, 'runs');
const options = { env: { CHARLOOM_HOME: home } };

/** A run that continues until it is stopped. */
const endless: RunSettings = {
  ...defaultRunSettings,
  name: 'endless',
  batchSize: 8,
  sequenceLength: 25,
  trainFraction: 0.8,
  validationFraction: 0.2,
  rnnSize: 32,
  numLayers: 1,
  maxEpochs: 10_000,
  evaluateEvery: 200,
};

let served: Served;
beforeAll(async () => {
  served = await Served.start(['--out', runsFolder], options);
});
afterAll(async () => {
  served.running.process.kill('SIGKILL');
  await served.running.finished;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function startRun(): Promise<string> {
  const text = await served.upload('words.txt', wordyText(20_000));
  const { heard, socket } = await served.open('workbench.watch', null);
  await served.request('runs.start', {
    requests: [
      { text: text.id, encoding: null, settings: endless, backend: 'wasm', threads: 1, initializeFrom: null },
    ],
  });
  const isRunning = (run: Run): boolean => run.state === 'running' && run.spec !== null;
  const item = await heard.item(
    (one) => (one.kind === 'run' && isRunning(one.run)) || (one.kind === 'runs' && one.runs.some(isRunning)),
  );
  socket.close();
  const run = item.kind === 'run' ? item.run : item.kind === 'runs' ? item.runs.find(isRunning) : undefined;
  return run?.id ?? '';
}

/** Every iteration that a page has heard of since the history began last, in the order it heard. */
function iterations(items: readonly StreamItem<'runs.watch'>[]): readonly number[] {
  const told = items.slice(items.findLastIndex(({ kind }) => kind === 'begin'));
  return told.flatMap((item) => (item.kind === 'steps' ? [...item.steps.iteration] : []));
}

const reached =
  (iteration: number) =>
  (item: StreamItem<'runs.watch'>): boolean =>
    item.kind === 'steps' && (item.steps.iteration.at(-1) ?? 0) >= iteration;

describe('charloom serve', () => {
  test('prints its address as documented', async () => {
    const line = await served.running.line(() => true);
    const result = serveResult.parse(JSON.parse(line));
    expect(result.runs_folder).toBe(runsFolder);
    expect(new URL(result.address)).toMatchObject({ hostname: '127.0.0.1', pathname: '/', search: '' });
    expect(await served.request('app.info', null)).toMatchObject({ host: 'browser', runsFolder });
  });

  test('a page reloaded during a run receives everything from its beginning', async () => {
    const run = await startRun();
    const first = await served.open('runs.watch', { run });
    await first.heard.item(reached(50));
    first.socket.terminate();
    const before = iterations(first.heard.items);
    const second = await served.open('runs.watch', { run });
    await second.heard.item(reached((before.at(-1) ?? 0) + 50));
    const after = iterations(second.heard.items);
    second.socket.close();
    expect(after.slice(0, before.length + 1)).toEqual(
      Array.from({ length: before.length + 1 }, (_, i) => i + 1),
    );
    expect(new Set(after).size).toBe(after.length);
  });

  test('keeps settings over a restart, and Ctrl-C in the middle of a run saves it', async () => {
    await served.request('settings.change', { theme: 'dark', textSize: 1.2 });
    const [run] = await served.request('runs.list', null);
    expect(run?.state).toBe('running');
    served.running.process.kill('SIGINT');
    const { code, stderr } = await served.running.finished;
    expect([code, stderr]).toEqual([0, 'Saving the run ...\n']);

    served = await Served.start(['--out', runsFolder], options);
    expect(await served.request('settings.get', null)).toMatchObject({ theme: 'dark', textSize: 1.2 });
    const [saved] = await served.request('runs.list', null);
    expect(saved).toMatchObject({ id: run?.id, state: 'stopped' });
    expect(saved?.iteration).toBeGreaterThanOrEqual(run?.iteration ?? Infinity);
  });

  test('a stopped run resumes', async () => {
    const [stopped] = await served.request('runs.list', null);
    const run = stopped?.id ?? '';
    await served.request('runs.resume', { run, changes: {}, text: null });
    const watch = await served.open('runs.watch', { run });
    await watch.heard.item(reached((stopped?.iteration ?? Infinity) + 20));
    watch.socket.close();
    const heard = iterations(watch.heard.items);
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, i) => i + 1));
  });

  test('a checkpoint can be downloaded', async () => {
    const [run] = await served.request('runs.list', null);
    const [checkpoint] = await served.request('checkpoints.list', { run: run?.id ?? '' });
    const { file = '', bytes } = checkpoint ?? {};
    const response = await served.download({ run: run?.id ?? '', file, format: 'safetensors' });
    expect((await response.arrayBuffer()).byteLength).toBe(bytes);
    const description = await served.download({ run: run?.id ?? '', file, format: 'json' });
    expect(await description.json()).toBeTypeOf('object');
  });
});

describeInChromium('the pages of charloom serve', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test('open with the printed address, without an error, and survive a reload', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    for (const open of [() => page.goto(served.addressWithToken), () => page.reload()]) {
      const socket = page.waitForEvent('websocket');
      await open();
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      expect((await socket).url()).toBe(`${served.address.replace('http', 'ws')}/streams`);
      expect(page.url()).not.toContain('token');
    }
    expect(await page.title()).toContain('Charloom');
    expect(problems).toEqual([]);
    await page.close();
  });

  test('copy the paths of folders and open none: the browser may be on another machine', async () => {
    const page = await browser.newPage();
    await page.goto(served.addressWithToken);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Copy path of Engines' }).waitFor();
    expect(await page.getByRole('button', { name: /^Copy path/ }).count()).toBe(3);
    expect(await page.getByRole('button', { name: /^Show in folder/ }).count()).toBe(0);
    await page.close();
    await expect(served.request('app.openFolder', { folder: 'home' })).rejects.toMatchObject({
      code: 'usage',
      fix: `It is at ${home}.`,
    });
  });

  test('the host ends although a browser keeps connections to it', async () => {
    const other = await Served.start([], { env: { CHARLOOM_HOME: temporaryFolder('serve-end') } });
    const page = await browser.newPage();
    await page.goto(other.addressWithToken);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    other.running.process.kill('SIGTERM');
    expect((await other.running.finished).code).toBe(0);
    await page.close();
  });
});

test('invalid options get a sentence', async () => {
  const taken = new URL(served.address).port;
  for (const [words, said] of [
    [['--port', taken], `Port ${taken} is in use.`],
    [['--port', '70000'], '--port cannot be'],
    [['--host', '192.0.2.1'], 'is not an address of this machine'],
  ] as const) {
    const { code, stderr } = await charloom(['serve', '--no-open', ...words], {
      env: { CHARLOOM_HOME: temporaryFolder('serve-mistakes') },
    });
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  }
});
