import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('a new tab', () => {
  const window = windowWithRuns();

  test('that a link was opened in shows the runs', async () => {
    const { page } = window.opened;
    await window.opened.go('#/runs');
    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Compare' }).click({ modifiers: ['ControlOrMeta'] });
    const tab = await opening;
    await tab.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await tab.goto(`${window.opened.served.address}/#/runs`);
    await tab.getByRole('link', { name: 'Alice' }).first().waitFor();
    expect(await tab.getByText('access key').count()).toBe(0);
    await tab.close();
  });

  test('of another browser says that it has no key, and claims nothing about what there is', async () => {
    const context = await window.opened.page.context().browser()?.newContext();
    const tab = await context?.newPage();
    if (tab === undefined) throw new Error('no second browser');
    for (const place of ['compare', 'runs', 'home', 'write', 'checkpoints', 'inside']) {
      await tab.goto(`${window.opened.served.address}/#/${place}`);
      await tab.getByText('This page has no valid access key').first().waitFor();
      await expect.poll(() => tab.locator('main').textContent()).not.toMatch(/nothing to|yet|Loading/);
    }
    await context?.close();
  });
});
