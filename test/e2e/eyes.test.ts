import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violationsOn } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { places } from '../support/pages.ts';
import { session } from '../support/sessions.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('every page', () => {
  const window = windowWithRuns(async (home) => {
    const settings = { name: 'Other', rnnSize: 24, numLayers: 1, evaluateEvery: 20, maxIterations: 60 };
    await session({ text: join(home, 'samples', 'alice.txt'), settings, runs: join(home, 'runs') });
  });

  async function everyPage(look: (page: Page, name: string) => Promise<void>): Promise<void> {
    for (const [name, place, shown] of places) {
      await window.opened.go(place);
      await window.opened.page.getByText(shown, { exact: true }).first().waitFor({ state: 'attached' });
      await look(window.opened.page, name);
    }
  }

  /** Charts and letters take a moment to find their new size; what is too wide stays so. */
  async function fits(_: Page, name: string): Promise<void> {
    await expect.poll(() => window.opened.overflow(), { message: name }).toBeLessThanOrEqual(0);
  }

  test('fits a window of 320 pixels, as at a zoom of 400 percent', async () => {
    await window.opened.page.setViewportSize({ width: 320, height: 640 });
    await everyPage(fits);
    // What is used stays usable: a run can be set up and started there.
    const { page } = window.opened;
    await window.opened.go('#/setup/sample-alice');
    await page.getByText('All settings', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Layer size', exact: true }).fill('16');
    expect(await window.opened.overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Start training' }).click({ trial: true });
    await page.setViewportSize({ width: 900, height: 700 });
  });

  test('keeps everything in its window when the letters are as large as the settings allow', async () => {
    await window.opened.served.request('settings.change', { textSize: 1.6 });
    const size = (): Promise<string> =>
      window.opened.page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    await expect.poll(size).toBe('25.6px');
    await everyPage(fits);
    await window.opened.served.request('settings.change', { textSize: 1 });
  });

  test('animates nothing with reduced motion', async () => {
    const { page } = window.opened;
    const moving = (): Promise<number> =>
      page.evaluate<number>(
        "document.getAnimations().filter((animation) => animation.playState === 'running').length",
      );
    // A busy button shows a spinner; the answer is held back so that it stays.
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/engines.doctor', async (route) => {
      await asked;
      await route.continue();
    });
    await window.opened.go('#/settings');
    await page.getByRole('button', { name: 'Create report' }).click();
    await page.locator('button[aria-busy="true"]').waitFor();
    expect(await moving()).toBe(1);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await moving()).toBe(0);
    answer();
    await page.getByRole('group', { name: 'Report' }).waitFor();
    await page.emulateMedia({ reducedMotion: null });
  });

  test.each(['dark', 'light'] as const)('is readable in forced %s colours', async (scheme) => {
    const { page } = window.opened;
    await page.emulateMedia({ forcedColors: 'active', colorScheme: scheme });
    await everyPage(async (_, name) => {
      const violations = await violationsOn(page, ['color-contrast']);
      const found = violations.flatMap(({ nodes }) =>
        nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      );
      expect(found, name).toEqual([]);
      // The system draws its background behind every word: axe misjudges text in that colour.
      const gone = await page.locator('a, button, label, p, h2').evaluateAll((elements) => {
        const background = getComputedStyle(document.body).backgroundColor;
        return elements
          .filter((element) => {
            const { color, forcedColorAdjust } = getComputedStyle(element);
            return color === background && forcedColorAdjust !== 'none';
          })
          .map(({ textContent }) => textContent);
      });
      expect(gone, name).toEqual([]);
    });
    // Drawings are not recoloured by the system: the line must have been given one of its colours.
    await window.opened.go('#/checkpoints/Alice');
    const stroke = await page
      .locator('main polyline')
      .first()
      .evaluate((element) => getComputedStyle(element).stroke);
    const systems = await page.evaluate(() => {
      const probe = document.createElement('span');
      probe.style.color = 'LinkText';
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    expect(stroke).toBe(systems);
    // The page that is looked at, and what is chosen, are marked by more than a shade.
    const current = page.locator('nav [aria-current="page"]');
    expect(await current.evaluate((element) => getComputedStyle(element).borderLeftWidth)).toBe('4px');
    await page.emulateMedia({ forcedColors: null, colorScheme: null });
  });
});
