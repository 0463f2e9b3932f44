import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { describeInChromium } from '../support/chromium.ts';
import { session } from '../support/sessions.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

/** The maximum ends it early in its first epoch. */
const settings = {
  ...{ name: 'limited', batchSize: 25, sequenceLength: 50, rnnSize: 16, numLayers: 1 },
  ...{ maxEpochs: 2, maxIterations: 10, evaluateEvery: 10, schedule: 'linear' as const },
} as const;

describeInChromium('a run that a maximum of iterations ended', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      prepare: async (home) => {
        const text = await sampleText('alice', join(home, 'samples'));
        await session({ text, settings, runs: join(home, 'runs') });
      },
    });
  }, 120_000);
  afterAll(() => opened.close());

  test('looks complete, and ends at the new number of epochs when it is trained longer', async () => {
    const { page } = opened;
    await opened.go('#/runs/limited');
    const line = page.getByText(/^Iteration 10 of 10, epoch/);
    const [, planned] = /epoch \S+ of (\S+)/.exec((await line.textContent()) ?? '') ?? [];
    await page.getByText(`Iteration 10 of 10, epoch ${planned} of ${planned}`).waitFor();
    await page.getByText('learned from').waitFor();
    await page.getByRole('button', { name: 'Train longer' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('rises to its value in the longer plan').waitFor();
    await dialog.getByRole('textbox', { name: 'Total epochs' }).fill('1');
    await page.keyboard.press('Tab');
    const [, end] = /ends at iteration (\S+) \(1 epoch\)/.exec(await dialog.innerText()) ?? [];
    expect(end).toBeDefined();
    await dialog.getByRole('button', { name: 'Resume' }).click();
    await page.getByText(`Iteration ${end} of ${end}, epoch 1.00 of 1`).waitFor();
  });
});
