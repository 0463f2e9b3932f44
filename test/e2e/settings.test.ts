import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { overfittingRun, type OverfittingRun } from '../support/overfitting-run.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describe.skipIf(!hasChromium)('settings and glossary', () => {
  let opened: WorkbenchWindow;
  let run: OverfittingRun;

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 900,
      height: 700,
      prepare: async (home) => {
        run = await overfittingRun(home);
      },
    });
  }, 120_000);
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('are kept at once and survive a reload', async () => {
    const { page } = opened;
    await opened.go('#/settings');
    await page.getByRole('textbox', { name: 'Opening words of samples' }).fill('Once upon');
    await page.keyboard.press('Tab');
    await page.getByRole('textbox', { name: 'Text size' }).fill('125');
    await expect
      .poll(async () => (await opened.served.request('settings.get', null)).samplePrompt)
      .toBe('Once upon');
    await expect.poll(async () => (await opened.served.request('settings.get', null)).textSize).toBe(1.25);
    await page.reload();
    await expect.poll(() => page.getByRole('textbox', { name: 'Text size' }).inputValue()).toBe('125');
    await page.getByRole('textbox', { name: 'Text size' }).fill('100');
  });

  test('test the embedded engine, and report on the computer', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Test Embedded' }).click();
    await page.getByText('Good:').waitFor();
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.getByRole('group', { name: 'Report' }).waitFor();
    await opened.check('settings');
  });

  test('empty the trash only when asked twice', async () => {
    const { page } = opened;
    await opened.served.request('checkpoints.remove', {
      run: 'Alice',
      files: [readdirSync(run.checkpoints)[0] ?? ''],
      evenBest: null,
    });
    await opened.go('#/glossary');
    await opened.go('#/settings');
    await page.getByRole('button', { name: 'Empty the trash…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty the trash?' });
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    expect((await opened.served.request('trash.size', null)).items).toBe(1);
    await page.getByRole('button', { name: 'Empty the trash…' }).click();
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await expect.poll(async () => (await opened.served.request('trash.size', null)).items).toBe(0);
  });

  test('explain every term, found by typing or by its link', async () => {
    const { page } = opened;
    await opened.go('#/glossary/overfitting');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('term-overfitting');
    await page.getByRole('searchbox', { name: 'Find a term' }).fill('memory');
    await expect.poll(() => page.getByRole('article').count()).toBeLessThan(8);
    await page.getByRole('article').first().waitFor();
    await opened.check('glossary');
  });
});
