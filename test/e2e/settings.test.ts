import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('settings and glossary', () => {
  const window = windowWithRuns();

  test('are saved immediately and survive a reload', async () => {
    const { page } = window.opened;
    await window.opened.go('#/settings');
    await page.getByRole('textbox', { name: 'Opening words of samples' }).fill('Once upon');
    await page.keyboard.press('Tab');
    await page.getByRole('textbox', { name: 'Text size' }).fill('125');
    await page.keyboard.press('Tab');
    await expect
      .poll(async () => (await window.opened.served.request('settings.get', null)).samplePrompt)
      .toBe('Once upon');
    await expect
      .poll(async () => (await window.opened.served.request('settings.get', null)).textSize)
      .toBe(1.25);
    await page.reload();
    await expect.poll(() => page.getByRole('textbox', { name: 'Text size' }).inputValue()).toBe('125');
    await page.getByRole('textbox', { name: 'Text size' }).fill('100');
    await page.keyboard.press('Enter');
  });

  test('test the embedded engine, and report on the computer', async () => {
    const { page } = window.opened;
    await page.getByRole('button', { name: 'Test Embedded' }).click();
    await page.getByText('Good:').waitFor();
    await page.getByRole('button', { name: 'Create report' }).click();
    const report = await page.getByRole('group', { name: 'Report' }).textContent();
    // A page names its own button, not a command.
    expect(report).toContain('“Install TensorFlow” on the Settings page');
    expect(report).not.toContain('charloom engine');
    await window.opened.check('settings');
  });

  test('say what an unfinished installation left, and remove it', async () => {
    const { page, home } = window.opened;
    const downloads = join(home, 'engines', '.downloads');
    mkdirSync(downloads, { recursive: true });
    writeFileSync(join(downloads, `${'a'.repeat(64)}.whl`), Buffer.alloc(2_000_000));
    writeFileSync(join(downloads, `${'b'.repeat(64)}.whl.partial`), Buffer.alloc(1_000_000));
    await window.opened.go('#/glossary');
    await window.opened.go('#/settings');
    await page.getByText('3 MB of an unfinished download are kept').waitFor();
    const remove = page.getByRole('button', { name: 'Remove the download' });
    await window.opened.check('settings-download');
    await remove.click();
    await page.getByText('Download deleted; 3 MB freed.').waitFor();
    await remove.waitFor({ state: 'detached' });
    expect(existsSync(downloads)).toBe(false);
  });

  test('list what is in the trash, and restore it after a reload', async () => {
    const { page } = window.opened;
    await window.opened.served.request('runs.remove', { runs: ['Alice'] });
    await window.opened.go('#/settings');
    await page.reload();
    const row = page.getByRole('listitem').filter({ hasText: 'Run “Alice”' });
    await row.getByText(/^Removed just now, [\d.]+ [KM]B$/).waitFor();
    await window.opened.check('settings-trash');
    await row.getByRole('button', { name: 'Restore Run “Alice”' }).click();
    await page.locator('.messages').getByText('Restored: Run “Alice”.').waitFor();
    await row.waitFor({ state: 'detached' });
    expect((await window.opened.served.request('runs.list', null)).map(({ id }) => id)).toEqual(['Alice']);
  });

  test('empty the trash only after a question', async () => {
    const { page } = window.opened;
    await window.opened.served.request('checkpoints.remove', {
      run: 'Alice',
      files: [readdirSync(window.run.checkpoints)[0] ?? ''],
      evenBest: null,
    });
    await window.opened.go('#/glossary');
    await window.opened.go('#/settings');
    await page.getByRole('button', { name: 'Empty trash…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty trash?' });
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    expect((await window.opened.served.request('trash.size', null)).items).toBe(1);
    await page.getByRole('button', { name: 'Empty trash…' }).click();
    await dialog.getByRole('button', { name: 'Empty trash' }).click();
    await expect.poll(async () => (await window.opened.served.request('trash.size', null)).items).toBe(0);
  });

  test('explain every term, found by typing or by its link', async () => {
    const { page } = window.opened;
    await window.opened.go('#/glossary/overfitting');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('term-overfitting');
    await page.getByRole('searchbox', { name: 'Find a term' }).fill('memory');
    await expect.poll(() => page.getByRole('article').count()).toBeLessThan(8);
    await page.getByRole('article').first().waitFor();
    await window.opened.check('glossary');
  });
});
