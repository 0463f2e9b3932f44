import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { splitChunks } from '../../src/shared/planning/split.ts';
import { hasChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describe.skipIf(!hasChromium)('the first pages', () => {
  let opened: WorkbenchWindow;
  let book: string;
  beforeAll(async () => {
    // The bundled book itself would be recognised.
    book = `${readFileSync(await sampleText('alice', temporaryFolder('book')), 'utf8')}\n`;
    opened = await WorkbenchWindow.open({ width: 900, height: 700 });
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('greet a new user with a first step and a text for it', async () => {
    const { page } = opened;
    await page.getByRole('heading', { name: 'Teach a model to write' }).waitFor();
    await page.getByRole('link', { name: 'Moby Dick' }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain('Train a first model');
    await opened.check('home');
  });

  test('import a dropped book, and show exactly how it is split', async () => {
    const { page } = opened;
    await opened.drop('my book.txt', book);
    await page.getByRole('heading', { name: 'my book.txt', level: 1 }).waitFor();
    const chunks = splitChunks(Math.floor(Array.from(book).length / 2500), 0.95, 0.05);
    await page.getByText(`${chunks.train} chunks`, { exact: true }).waitFor();
    await page.getByText(`${chunks.validation} chunks`, { exact: true }).waitFor();
    await page
      .getByText('its bytes are unambiguous', { exact: false })
      .or(page.getByText('Read as utf-8', { exact: false }))
      .first()
      .waitFor();
  });

  test('follow typed numbers, refuse impossible ones, and undo a fix', async () => {
    const { page } = opened;
    const batchSize = page.getByRole('textbox', { name: 'Batch size' });
    await batchSize.fill('5000');
    await batchSize.press('Enter');
    await page.getByText('Problem:').waitFor();
    const fix = page.getByRole('button', { name: /^Fix it/ }).first();
    await fix.click();
    await expect.poll(() => batchSize.inputValue()).not.toBe('5000');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => batchSize.inputValue()).toBe('5000');
    await batchSize.fill('0');
    await page.getByText('A whole number from 1 to').waitFor();
    await batchSize.fill('20');
    await page.getByRole('textbox', { name: 'Validation share' }).fill('20');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.getByRole('textbox', { name: 'Training share' }).inputValue()).toBe('80');
  });

  test('find words in the text, and say which split they are in', async () => {
    const { page } = opened;
    await page.getByRole('searchbox', { name: 'Find in the text' }).fill('Cheshire');
    const total = book.split('Cheshire').length - 1;
    await page.getByText(`${total} found`).waitFor();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('region', { name: 'Excerpt of the text' }).getByText('Cheshire').first().waitFor();
    const position = book.indexOf('Cheshire') + 1;
    await page.getByText(`Symbol ${position.toLocaleString('en-US')} of`, { exact: false }).waitFor();
    await opened.check('text');
  });

  test('sort the vocabulary by its column heads, by keyboard too', async () => {
    const { page } = opened;
    const table = page.getByRole('table', { name: 'Symbols of the text' });
    const column = async (nth: number): Promise<readonly number[]> =>
      (await table.locator(`tbody tr td:nth-child(${nth})`).allTextContents()).map((text) =>
        Number(text.replaceAll(',', '')),
      );
    const counts = new Map<string, number>();
    for (const symbol of book) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    const ascending = [...counts.values()].toSorted((a, b) => a - b);
    const head = table.getByRole('columnheader', { name: 'Count' });
    expect(await column(2)).toEqual(ascending.toReversed().slice(0, 20));
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await column(2)).toEqual(ascending.slice(0, 20));
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await table.getByRole('button', { name: 'First in line' }).click();
    const lines = await column(3);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines[0]).toBe(1);
    expect(await head.getAttribute('aria-sort')).toBe('none');
  });

  test('show a wrong encoding and let the user choose the right one', async () => {
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Encoding' }).selectOption('windows-1252');
    await page.getByText('Read as windows-1252, as you chose.').waitFor();
    await page.getByRole('combobox', { name: 'Encoding' }).selectOption('');
    await page.getByText('Read as utf-8').waitFor();
  });

  test('refuse a file that is no text with a sentence, and lose nothing', async () => {
    const { page } = opened;
    await opened.drop('picture.txt', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR'.repeat(40));
    await page.getByRole('heading', { name: 'picture.txt', level: 1 }).waitFor();
    const told = page.getByText('“picture.txt” is');
    await told.waitFor();
    expect(await told.textContent()).not.toContain(opened.home);
    await page.getByRole('button', { name: 'Remove from list' }).click();
    await page.getByText('“picture.txt” was removed from the list').waitFor();
    await page.getByRole('link', { name: 'my book.txt' }).waitFor();
    expect(await page.getByRole('link', { name: 'picture.txt' }).count()).toBe(0);
    await opened.check('texts');
  });

  test('have titles in the direction of their script', async () => {
    const { page } = opened;
    await opened.drop('ספר ישן.txt', 'שלום עולם\n'.repeat(300));
    await page.getByRole('heading', { name: 'ספר ישן.txt', level: 1 }).waitFor();
    await opened.go('#/data');
    const title = page.getByRole('heading', { name: 'ספר ישן.txt' });
    expect(await title.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    const other = page.getByRole('heading', { name: 'my book.txt' });
    expect(await other.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
  });
});
