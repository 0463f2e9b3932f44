import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { root, startNode } from '../support/processes.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';
import { story } from '../support/workbench-runs.ts';

describe.skipIf(!hasChromium)('the page of a run that the command line started on a file', () => {
  let opened: WorkbenchWindow;
  let run: string;

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 900,
      height: 700,
      prepare: async (home) => {
        const text = join(home, 'weavers.txt');
        writeFileSync(text, story);
        const words = ['out/main/cli.js', 'train', text, '--out', join(home, 'runs'), '--name', 'weavers'];
        const settings = ['--rnn-size', '24', '--num-layers', '1', '--batch-size', '8', '--seq-length', '25'];
        const more = ['--max-iterations', '5', '--threads', '1', '--val-frac', '0.05'];
        expect((await startNode([...words, ...settings, ...more], { cwd: root }).finished).code).toBe(0);
      },
    });
    run = (await opened.served.request('runs.list', null))[0]?.id ?? '';
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('leads to a new run on the same text with one click', async () => {
    const { page } = opened;
    await opened.go(`#/runs/${run}`);
    await page.getByRole('button', { name: 'Import its text' }).waitFor();
    await opened.check('run-without-text');
    await page.getByRole('button', { name: 'New run with these settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Run setup' }).waitFor();
    await page.getByText('“weavers.txt” was imported.').waitFor();
    await page.getByText('All settings', { exact: true }).click();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Layer size', exact: true }).inputValue())
      .toBe('24');
    await opened.go(`#/runs/${run}`);
    await page.getByRole('button', { name: 'New run with these settings' }).waitFor();
    expect(await page.getByRole('button', { name: 'Import its text' }).count()).toBe(0);
  });
});
