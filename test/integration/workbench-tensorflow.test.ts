import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { engine, skipNote } from '../support/tensorflow.ts';
import { wordyText } from '../support/texts.ts';
import {
  newFolders,
  openWorkbench,
  type WorkbenchFolders,
  type WorkbenchPage,
} from '../support/workbench.ts';

describe.skipIf(engine === undefined)(`the TensorFlow engine in the workbench${skipNote}`, () => {
  let page: WorkbenchPage;
  let folders: WorkbenchFolders;
  beforeAll(async () => {
    folders = newFolders();
    page = await openWorkbench(folders);
  });
  afterAll(async () => {
    await page.workbench.dispose();
    expect(page.defects).toEqual([]);
  });

  test('is listed, tested in a process of its own, and reported', async () => {
    const engines = await page.request('engines.list', null);
    const installed = engines.find(({ state }) => state === 'installed');
    expect(installed?.version).toBe(engine?.manifest.version);
    const { report } = await page.request('engines.doctor', null);
    expect(report).toContain(`${engine?.manifest.version} loads`);
    const heard = page.open('engines.test', { engine: installed?.id ?? '' });
    const done = await heard.item((item) => item.kind === 'done');
    expect(done).toMatchObject({ summary: expect.stringContaining('computes correctly') as string });
  });

  test('trains a run, which resumes on it whatever new runs use', async () => {
    const path = join(folders.home, 'words.txt');
    writeFileSync(path, wordyText(20_000));
    const { id: text } = await page.workbench.addTextFile(path);
    const settings = {
      ...defaultRunSettings,
      name: 'tf',
      rnnSize: 16,
      numLayers: 1,
      batchSize: 10,
      sequenceLength: 20,
    };
    const run = { ...settings, maxEpochs: 1, trainFraction: 0.8, validationFraction: 0.2 };
    const request = { text, encoding: null, settings: run, threads: 1, initializeFrom: null };
    await page.request('runs.start', { requests: [{ ...request, backend: 'tensorflow' }] });
    const ended = (isThere: (run: Run) => boolean) =>
      watch.item(
        ({ kind, ...item }) =>
          kind === 'run' &&
          'run' in item &&
          typeof item.run === 'object' &&
          item.run?.state === 'finished' &&
          isThere(item.run),
      );
    const watch = page.open('workbench.watch', null);
    await ended(({ iteration, iterationsPerEpoch }) => iteration === iterationsPerEpoch);
    await page.request('settings.change', { backend: 'wasm' });
    await page.request('runs.resume', { run: 'tf', changes: { maxEpochs: 2 }, text: null });
    await ended(({ iteration, iterationsPerEpoch }) => iteration === 2 * iterationsPerEpoch);
    watch.stream.close();
    const { run: resumed } = await page.request('runs.get', { run: 'tf' });
    expect(resumed.device).toContain('TensorFlow');
    const checkpoints = await page.request('checkpoints.list', { run: 'tf' });
    expect(checkpoints.map(({ epoch }) => epoch).toSorted()).toEqual([1, 2]);
  });
});
