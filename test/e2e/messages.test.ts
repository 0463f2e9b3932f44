import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { places } from '../support/pages.ts';
import { session } from '../support/sessions.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';
import { quick, story } from '../support/workbench-runs.ts';

/** Controls that are visible but whose middle is covered by something else. */
function coveredControls(): readonly string[] {
  const { scroller, messages } = {
    scroller: document.querySelector('.scroller'),
    messages: document.querySelector('.messages'),
  };
  if (scroller === null || messages === null) return ['the page has no frame'];
  const frame = scroller.getBoundingClientRect();
  const band = messages.getBoundingClientRect();
  if (band.height === 0) return ['no message is shown'];
  const covered = frame.bottom > band.top + 0.5 ? ['the page reaches under the messages'] : [];
  if (band.bottom > window.innerHeight + 0.5) covered.push('the messages leave the window');
  for (const control of scroller.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = control.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const isVisible = box.width > 1 && box.height > 1 && y < frame.bottom && y > frame.top;
    if (!isVisible || !control.checkVisibility({ visibilityProperty: true })) continue;
    const top = document.elementFromPoint(x, y);
    if (top !== null && top.closest('.messages') !== null) covered.push(control.outerHTML.slice(0, 120));
  }
  return covered;
}

/** What the host answers when it cannot take a file. */
const refusal = (name: string): object => ({
  code: 'storage',
  message: `${name} could not be saved: the disk of this computer has no room for it.`,
  fix: 'Free 120 MB, then drop it again.',
});

describeInChromium('messages', () => {
  const window = windowWithRuns(async (home) => {
    const settings = { name: 'Other', rnnSize: 24, numLayers: 1, evaluateEvery: 20, maxIterations: 60 };
    await session({ text: join(home, 'samples', 'alice.txt'), settings, runs: join(home, 'runs') });
  });
  const band = (): Locator => window.opened.page.locator('.messages');

  /** Two messages that nothing takes away: problems that stay, each with what would help. */
  async function provoke(page: Page): Promise<void> {
    for (const name of ['left.txt', 'right.txt']) {
      await page.route(
        '**/upload/**',
        (route) => route.fulfill({ json: { ok: false, failure: refusal(name) } }),
        { times: 1 },
      );
      await window.opened.drop(name, `${name} `.repeat(2000));
      await expect.poll(() => band().locator('.message').count()).toBe(name === 'left.txt' ? 1 : 2);
    }
  }

  test.each([
    [1280, 800],
    [390, 844],
    [320, 640],
  ])('cover nothing on any page, %i pixels wide', async (width, height) => {
    const { page } = window.opened;
    await window.opened.go('#/');
    await page.setViewportSize({ width, height });
    await provoke(page);
    for (const [name, place, shown] of places) {
      await window.opened.go(place);
      await page.getByText(shown, { exact: true }).first().waitFor({ state: 'attached' });
      expect(await page.evaluate(coveredControls), name).toEqual([]);
      expect(await window.opened.overflow(), name).toBeLessThanOrEqual(0);
      const room = await page.locator('.scroller').boundingBox();
      expect(room?.height, `${name} keeps most of the window`).toBeGreaterThan(height * 0.55);
    }
    await page.screenshot({ path: `test/output/screens/messages-${width}.png` });
    const close = band().getByRole('button', { name: 'Close this message' });
    await close.first().click();
    await close.first().click();
    await expect.poll(() => band().locator('.message').count()).toBe(0);
    expect(await page.locator('.scroller').boundingBox()).toMatchObject({ height });
  });

  test('close automatically, and stay in a list that the keyboard reaches', async () => {
    const { page, served } = window.opened;
    await page.setViewportSize({ width: 900, height: 700 });
    await window.opened.go('#/glossary');
    await page.reload();
    const { id: text } = await served.upload('weaver.txt', story);
    const request = { text, encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await served.request('runs.start', {
      requests: [{ ...request, settings: { ...quick, name: 'quick' } }],
    });
    const sentence = band().getByText('“quick” is finished');
    await sentence.waitFor();
    // Announced, and gone without a hand.
    expect(await band().getAttribute('role')).toBe('status');
    await sentence.waitFor({ state: 'detached', timeout: 40_000 });
    const opener = page.getByRole('button', { name: /^Messages\s*\d+ new/ });
    await opener.focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('dialog', { name: 'Messages' });
    await list.getByText('“quick” is finished').waitFor();
    await window.opened.check('messages-list');
    await page.keyboard.press('Escape');
    await expect.poll(() => list.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Messages$/);
    // What could be done about it can still be done from there.
    await page.keyboard.press('Enter');
    await list.getByRole('button', { name: 'Show the run' }).click();
    await page.getByRole('heading', { level: 1, name: 'quick' }).waitFor();
  });

  test('survive a reload of the page, with what can be done about them', async () => {
    const { page } = window.opened;
    await page.setViewportSize({ width: 900, height: 700 });
    await window.opened.go('#/runs');
    const row = page.getByRole('row', { name: /Select Other/ });
    await page.getByRole('checkbox', { name: 'Select Other' }).check();
    await page.getByRole('button', { name: 'Move to trash' }).click();
    await band().getByText('1 run moved to trash').waitFor();
    await expect.poll(() => row.count()).toBe(0);
    await page.reload();
    await band().getByText('1 run moved to trash').waitFor();
    await band().getByRole('button', { name: 'Close this message' }).first().click();
    await page.reload();
    await page.getByRole('button', { name: /^Messages/ }).click();
    const list = page.getByRole('dialog', { name: 'Messages' });
    await list.getByText('1 run moved to trash').waitFor();
    await list.getByRole('button', { name: 'Undo' }).first().click();
    await row.waitFor();
    // Once only, also after a reload.
    await page.reload();
    await page.getByRole('button', { name: /^Messages/ }).click();
    await list.getByText('1 run moved to trash').waitFor();
    expect(await list.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('give the focus back to the page when the last is closed by keyboard', async () => {
    const { page } = window.opened;
    await window.opened.go('#/glossary');
    await provoke(page);
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id);
    await band().getByRole('button', { name: 'Close this message' }).first().focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Close this message');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('main');
  });

  test('keep the page’s scroll position; Back restores it, and a new page starts at its top', async () => {
    const { page } = window.opened;
    const top = (): Promise<number> => page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop);
    await window.opened.go('#/settings');
    await window.opened.go('#/glossary');
    await window.opened.scrollTo(0.5);
    const left = await top();
    expect(left).toBeGreaterThan(200);
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await top()).toBe(0);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Glossary' }).waitFor();
    await expect.poll(top).toBe(left);
    await page.reload();
    await expect.poll(top).toBe(left);
  });
});
