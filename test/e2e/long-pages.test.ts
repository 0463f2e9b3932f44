import { expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { describeInChromium } from '../support/chromium.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('long pages', () => {
  const window = windowWithRuns();
  const contents = (): Locator => window.opened.page.locator('nav details');
  const titles = (): Promise<string[]> => contents().getByRole('button').allTextContents();

  test('list their sections beside the page, and mark the current one', async () => {
    const { page } = window.opened;
    await page.setViewportSize({ width: 1280, height: 800 });
    await window.opened.go('#/settings');
    const headings = async (): Promise<string[]> =>
      (await page.getByRole('heading', { level: 2 }).allTextContents()).map((title) => title.trim());
    await expect.poll(titles).toEqual(await headings());
    await contents().getByRole('button', { name: 'Folders', exact: true }).click();
    const heading = page.getByRole('heading', { level: 2, name: 'Folders', exact: true });
    const box = await heading.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeLessThan(750);
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    await window.opened.scrollTo(0);
    await expect
      .poll(() => contents().locator('[aria-current="location"]').textContent())
      .toBe((await titles())[0]);
    await window.opened.check('settings-contents');
  });

  test('have none where a page fits a screen, and not those of the page before', async () => {
    await window.opened.go('#/settings');
    await contents().waitFor();
    await window.opened.go('#/compare');
    await contents().waitFor({ state: 'detached' });
    await window.opened.go('#/glossary');
    await window.opened.page.getByRole('heading', { level: 2, name: 'overfitting' }).waitFor();
    await expect.poll(() => contents().count()).toBe(0);
  });

  test('fold them away in a narrow window', async () => {
    const { page } = window.opened;
    await page.setViewportSize({ width: 390, height: 844 });
    await window.opened.go('#/settings');
    await contents().waitFor();
    await expect.poll(() => contents().getByRole('button').first().isVisible()).toBe(false);
    await contents().getByText('On this page').click();
    await contents().getByRole('button', { name: 'About', exact: true }).click();
    await expect.poll(() => contents().getByRole('button').first().isVisible()).toBe(false);
    const box = await page.getByRole('heading', { level: 2, name: 'About', exact: true }).boundingBox();
    expect(box?.y).toBeLessThan(800);
    expect(await window.opened.overflow()).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('of texts begin with the verdict, before any instrument, and lead to what it names', async () => {
    const { page } = window.opened;
    await window.opened.go('#/data/sample-moby-dick');
    await page.getByRole('heading', { level: 2, name: 'Enough for a good model' }).waitFor();
    const [first] = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(first).toContain('Enough for a good model');
    await window.opened.go('#/data/sample-alice');
    await page.getByRole('heading', { level: 2, name: 'Short: enough to try things' }).waitFor();
    await page.getByRole('button', { name: 'Show how the text is split' }).click();
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    expect(focused).toBe('How the text is split');
    await window.opened.check('text-verdict');
  });
});
