import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describeInChromium('a new tab', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open();
  }, 120_000);
  afterAll(() => opened.close());

  // As a typed address opens one, or Ctrl-click on a link: without the session of the first tab.
  test('of the same browser is connected, and shows what there is', async () => {
    const tab = await opened.page.context().newPage();
    await tab.goto(`${opened.served.address}/#/data`);
    await tab.getByText('Moby Dick').first().waitFor();
    expect(new URL(tab.url()).hash).toBe('#/data');
    expect(await tab.getByText('access key').count()).toBe(0);
    await tab.close();
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
