import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { wordyText } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describe.skipIf(!hasChromium)('the list of texts', () => {
  let opened: WorkbenchWindow;
  const novel = wordyText(30_000);

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 900, height: 700 });
    for (const [seed, name] of ['first.txt', 'second.txt', 'third.txt'].entries()) {
      await opened.served.upload(name, wordyText(5000, seed + 10));
    }
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('a text imported twice under two names is one text, and the page says so', async () => {
    const { page } = opened;
    await opened.drop('novel.txt', novel);
    await page.getByRole('heading', { level: 1, name: 'novel.txt' }).waitFor();
    const { url } = { url: page.url() };
    await opened.go('#/');
    await opened.drop('the same novel.txt', novel);
    await page.getByRole('heading', { level: 1, name: 'novel.txt' }).waitFor();
    expect(page.url()).toBe(url);
    await page
      .getByText('“the same novel.txt” is the same text as “novel.txt”, which is already in your texts')
      .waitFor();
    const own = (await opened.served.request('texts.list', null)).filter(({ source }) => source !== 'sample');
    expect(own.map(({ title }) => title).toSorted()).toEqual([
      'first.txt',
      'novel.txt',
      'second.txt',
      'third.txt',
    ]);
  });

  test('a text removed from the list returns to its place with Undo', async () => {
    const { page } = opened;
    await opened.go('#/');
    const titles = (): Promise<string[]> =>
      page
        .locator('h3')
        .filter({ hasText: /\.txt$/ })
        .allTextContents();
    await expect.poll(titles).toHaveLength(4);
    const before = await titles();
    await page.getByRole('button', { name: /^Remove from list.*second\.txt$/ }).click();
    await page.getByText('“second.txt” was removed from the list').waitFor();
    expect(await titles()).toEqual(before.filter((title) => title !== 'second.txt'));
    await page.reload();
    await expect.poll(titles).toHaveLength(3);
    await page.getByRole('button', { name: /^Remove from list.*third\.txt$/ }).click();
    // The message of the other removal is still shown.
    const message = page.locator('.messages .message', { hasText: '“third.txt” was removed from the list' });
    const undo = message.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    const close = message.getByRole('button', { name: 'Close this message' });
    const boxes = [await undo.boundingBox(), await close.boundingBox()];
    // Side by side, each on one line.
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    for (const box of boxes) expect(box?.height).toBeLessThan(40);
    await undo.click();
    await expect.poll(titles).toEqual(before.filter((title) => title !== 'second.txt'));
  });
});
