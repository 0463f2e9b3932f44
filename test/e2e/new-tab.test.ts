import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describeInChromium('a new tab', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open();
  }, 120_000);
  afterAll(() => opened.close());

  test('that a link was opened in is connected, and so is a typed address', async () => {
    const { page } = opened;
    const opening = page.context().waitForEvent('page', { timeout: 20_000 });
    const link = page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Text', exact: true });
    await link.click({ modifiers: ['ControlOrMeta'], timeout: 10_000 });
    const tab = await opening;
    const typed = await page.context().newPage();
    await typed.goto(`${opened.served.address}/#/data`);
    for (const each of [tab, typed]) {
      await each.getByText('Moby-Dick').first().waitFor();
      expect(await each.getByText('access key').count()).toBe(0);
      await each.close();
    }
  });

  test('of another browser says that it has no key, and claims nothing about what there is', async () => {
    const context = await opened.page.context().browser()?.newContext();
    const tab = await context?.newPage();
    if (tab === undefined) throw new Error('no second browser');
    for (const place of ['compare', 'runs', 'home', 'write', 'checkpoints', 'inside']) {
      await tab.goto(`${opened.served.address}/#/${place}`);
      await tab.getByText('This page has no valid access key').first().waitFor();
      await expect.poll(() => tab.locator('main').textContent()).not.toMatch(/nothing to|yet|Loading/);
    }
    await context?.close();
  });
});
