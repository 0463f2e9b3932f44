import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { describeInChromium } from '../support/chromium.ts';
import { session } from '../support/sessions.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

const small: RunSettings = {
  ...defaultRunSettings,
  ...{ batchSize: 5, sequenceLength: 16, rnnSize: 24, numLayers: 1, dropout: 0 },
  ...{ learningRate: 0.02, maxEpochs: 20, maxIterations: 200, evaluateEvery: 100 },
};

describeInChromium('texts of other systems, written by their models', () => {
  const window = windowWithRuns(async (home) => {
    const runs = join(home, 'runs');
    const dos = join(home, 'dos.txt');
    writeFileSync(dos, 'one two\r\nthree\r\n'.repeat(400));
    await session({ text: dos, settings: { ...small, name: 'Dos' }, runs });
    const latin = join(home, 'latin.txt');
    writeFileSync(latin, Buffer.from('ab é\n'.repeat(1500), 'latin1'));
    await session({ text: latin, settings: { ...small, name: 'Latin', symbols: 'bytes' }, runs });
  });

  async function write(page: Page, model: string, length: string): Promise<void> {
    await window.opened.go('#/write');
    const picker = page.getByRole('combobox', { name: 'Model', exact: true });
    const label = await picker.locator('option', { hasText: model }).first().textContent();
    await picker.selectOption({ label: label ?? '' });
    await page.getByText(new RegExp(`^${model}, epoch`)).waitFor();
    const field = page.getByRole('textbox', { name: 'Length' });
    if (!(await field.isVisible())) await page.getByText(/^Length .* and more/).click();
    await field.fill(length);
    await page.keyboard.press('Control+Enter');
  }

  test('are copied unchanged, carriage returns included', async () => {
    const { page } = window.opened;
    await write(page, 'Dos', '300');
    await page.getByText('Done: 300 symbols.').waitFor();
    const copied = await page.getByRole('textbox', { name: 'Written text' }).evaluate((element) => {
      document.getSelection()?.selectAllChildren(element);
      const clipboardData = new DataTransfer();
      element.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
      return clipboardData.getData('text/plain');
    });
    expect(copied).toHaveLength(300);
    expect(copied).toContain('\r\n');
    expect(copied).not.toContain('\u2060');
    expect(new Set(copied)).toEqual(new Set('onetwhr \r\n'));
  });

  test('stop at a typed line end', async () => {
    const { page } = window.opened;
    const stop = page.getByRole('textbox', { name: 'Stop at' });
    await stop.fill('\n');
    await page.getByText('Stops at line end').waitFor();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText(/up to the stop text/).waitFor();
    await stop.fill('Ж');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText('The model never writes the stop text “Ж”').waitFor();
    await stop.fill('');
  });

  test('are saved byte for byte', async () => {
    const { page } = window.opened;
    await write(page, 'Latin', '400');
    await page.getByText('Done: 400 symbols.').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as .txt' }).click();
    const bytes = readFileSync(await (await download).path());
    expect(bytes).toHaveLength(400);
    expect(bytes.includes(0xe9)).toBe(true);
    expect(bytes.includes(Buffer.from('\ufffd'))).toBe(false);
  });
});
