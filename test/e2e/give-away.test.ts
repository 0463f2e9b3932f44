import { readFileSync } from 'node:fs';
import type { Download, Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { openArchive } from '../../src/engine/documents/archive.ts';
import { modelOfPage } from '../../src/engine/exchange/page/read-page.ts';
import { sha256 } from '../../src/node/files/sha256.ts';
import { describeInChromium } from '../support/chromium.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('giving a model away', () => {
  const window = windowWithRuns();

  const dialog = (): Locator => window.opened.page.getByRole('dialog', { name: 'Give it away' });

  /** Exports to a program by keyboard, and waits for what the browser saves. */
  async function save(program: string): Promise<Download> {
    const { page } = window.opened;
    const download = page.waitForEvent('download');
    const button = dialog().getByRole('button', { name: `Export to ${program}` });
    await button.focus();
    await page.keyboard.press('Enter');
    return download;
  }

  test('from Checkpoints to another program: checked, and saved as one archive', async () => {
    const { page } = window.opened;
    await window.opened.go('#/checkpoints');
    await page.locator('tbody tr[data-file]').first().locator('[data-control="open"]').click();
    await page.getByRole('button', { name: 'Give it away' }).click();
    await dialog().getByText('epoch').first().waitFor();
    const download = await save('ONNX');
    expect(download.suggestedFilename()).toBe('Alice-onnx.zip');
    const archive = await openArchive(readFileSync(await download.path()), 'Alice-onnx.zip');
    expect(archive.names).toEqual(expect.arrayContaining(['Alice-onnx/model.onnx', 'Alice-onnx/README.md']));
    await dialog()
      .getByText(
        /is saved\. Checked with 100 symbols: it computes what the model computes, within 0\.00001\./,
      )
      .waitFor();
    await window.opened.check('give-away');
    await page.setViewportSize({ width: 320, height: 640 });
    await expect.poll(() => window.opened.overflow()).toBeLessThanOrEqual(0);
    expect(
      await dialog().evaluate((element) => element.scrollWidth - element.clientWidth),
    ).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 900, height: 700 });
    // What a format cannot hold is said, with what would work, before anything is tried.
    await dialog().getByText('this model is an LSTM of 1 layer').waitFor();
    expect(await dialog().getByRole('button', { name: 'Export to ml5.js' }).count()).toBe(0);
    const other = await save('PyTorch');
    expect(other.suggestedFilename()).toBe('Alice-pytorch.zip');
    await dialog()
      .getByText(/Alice-pytorch\.zip.*is saved/)
      .waitFor();
    const again = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Save again' }).click();
    expect((await again).suggestedFilename()).toBe('Alice-pytorch.zip');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  test('from Write, the model that writes', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    await page.getByRole('button', { name: 'Give it away' }).click();
    await dialog().getByText('Alice, epoch').waitFor();
    await page.keyboard.press('Escape');
  });

  test('as a page that writes: checked, copied passages reported, and saved on request', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    await page.getByRole('button', { name: 'Give it away' }).click();
    await dialog().getByText('Title, words and settings of the page').click();
    await dialog().getByLabel('Title').fill('');
    await dialog().getByText('The page needs a title.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Check and write the page' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Title').fill('Alice writes');
    await dialog().getByLabel('Opening words').fill('Alice was ');
    await window.opened.check('give-away-page');
    await dialog().getByRole('button', { name: 'Check and write the page' }).click();
    await dialog().getByText('3 samples of 3,000 symbols in total were compared with the text.').waitFor();
    await dialog().getByText('Alice writes.html, ').waitFor();
    const download = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('Alice writes.html');
    const html = readFileSync(await saved.path(), 'utf8');
    expect(modelOfPage(html, sha256).record).toMatchObject({
      title: 'Alice writes',
      openingWords: 'Alice was ',
    });
    // Other words are another page.
    await dialog().getByLabel('Title').fill('Alice');
    await dialog().getByText('Alice writes.html').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });
});
