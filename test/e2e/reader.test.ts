import { readFileSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { splitChunks } from '../../src/shared/planning/split.ts';
import { describeInChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describeInChromium('the reader of a text', () => {
  let opened: WorkbenchWindow;
  let book: string;
  let excerpt: Locator;
  beforeAll(async () => {
    book = readFileSync(await sampleText('emma', temporaryFolder('emma')), 'utf8');
    opened = await WorkbenchWindow.open({ width: 1440, height: 900 });
    await opened.page.getByRole('link', { name: 'Emma' }).click();
    excerpt = opened.page.getByRole('region', { name: 'Excerpt of the text' });
    await excerpt.getByText('Emma Woodhouse, handsome, clever').first().waitFor();
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  const press = (name: string): Promise<void> =>
    opened.page.getByRole('button', { name, exact: true }).click();

  /** Symbols on and near the screen, without the labels of the splits between them. */
  const shown = (): Promise<string> =>
    excerpt.evaluate((box) =>
      [...box.querySelectorAll('[data-start]')].map(({ textContent }) => textContent).join(''),
    );

  async function waitForPlace(symbol: number, words: string): Promise<void> {
    const number = symbol.toLocaleString('en-US');
    await opened.page
      .getByText(`Symbol ${number} of ${book.length.toLocaleString('en-US')}: ${words}`)
      .waitFor();
  }

  // char-rnn's defaults: 50 streams, each a row of chunks of 50 symbols.
  const chunks = () => splitChunks(Math.floor(book.length / 2500), 0.95, 0.05);

  test('goes from split to split and from stream to stream', async () => {
    const { total, train } = chunks();
    await press('Next split');
    await waitForPlace(train * 50 + 1, 'validation text, stream 1 of 50');
    await press('Next split');
    await waitForPlace(total * 50 + 1, 'training text, stream 2 of 50');
    await press('Next stream');
    await waitForPlace(2 * total * 50 + 1, 'training text, stream 3 of 50');
    await press('Previous split');
    await waitForPlace(total * 50 + train * 50 + 1, 'validation text, stream 2 of 50');
    // The shown symbols are those of the text.
    const position = total * 50 + train * 50;
    const first = await excerpt.locator(`[data-start="${position}"]`).textContent();
    expect(book.startsWith(first ?? 'nothing', position)).toBe(true);
  });

  test('continues while the user scrolls, without a gap', async () => {
    await press('Previous stream');
    await excerpt.focus();
    const page = /Symbol ([\d,]+) of/;
    const symbol = async (): Promise<number> => {
      const words = await opened.page.getByText(page).textContent();
      return Number(page.exec(words ?? '')?.[1]?.replaceAll(',', ''));
    };
    const begun = await symbol();
    await expect
      .poll(
        async () => {
          await opened.page.keyboard.press('PageDown');
          return symbol();
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBeGreaterThan(begun + 15_000);
    // The last keys are still scrolling: a jump now would be overridden by them.
    let before = Number.NaN;
    await expect
      .poll(
        async () => {
          const now = await symbol();
          const rests = now === before;
          before = now;
          return rests;
        },
        { timeout: 20_000, interval: 250 },
      )
      .toBe(true);
    const text = await shown();
    expect(text.length).toBeGreaterThan(3000);
    expect(text.length, 'pages far away are let go').toBeLessThan(60_000);
    expect(book).toContain(text);
  });

  test('goes to the end and back', async () => {
    const slider = opened.page.getByRole('slider', { name: 'Place in the text' });
    await slider.press('End');
    await waitForPlace(book.length, 'not used');
    await expect.poll(async () => book.endsWith(await shown())).toBe(true);
    await slider.press('Home');
    await waitForPlace(1, 'training text');
    await expect.poll(async () => book.startsWith(await shown())).toBe(true);
  });

  test('marks what was found, where it was found', async () => {
    const search = opened.page.getByRole('searchbox', { name: 'Find in the text' });
    await search.fill('Frank Churchill');
    await opened.page.getByText(`${book.split('Frank Churchill').length - 1} found`).waitFor();
    await search.press('Enter');
    const marked = excerpt.locator('.found').first();
    await marked.waitFor();
    expect(await marked.textContent()).toBe('Frank Churchill');
    await opened.check('reader');
  });

  test('keeps its position while the text is read in another way', async () => {
    const { total } = chunks();
    await press('Next stream');
    const place = 2 * total * 50 + 1;
    await waitForPlace(place, 'training text, stream 3 of 50');
    const symbols = opened.page.getByRole('combobox', { name: 'Symbols' });
    await symbols.selectOption('bytes');
    await opened.page.getByText('Read as bytes', { exact: false }).waitFor();
    await symbols.selectOption('characters');
    await opened.page.getByText('Read as utf-8', { exact: false }).waitFor();
    await excerpt.locator(`[data-start="${place - 1}"]`).waitFor();
    await waitForPlace(place, 'training text, stream 3 of 50');
  });

  test('is known on the next page too', async () => {
    await opened.page.getByRole('link', { name: 'Set up a run' }).click();
    await opened.page.getByRole('heading', { name: 'Run setup' }).waitFor();
    await opened.page.getByRole('heading', { name: 'Size of the model' }).waitFor();
  });

  test('an empty file is refused in one sentence, and the page stays', async () => {
    await opened.go('#/');
    await opened.page
      .locator('input[type="file"]:not([webkitdirectory])')
      .setInputFiles({ name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
    const refusal = opened.page
      .locator('.messages')
      .getByText('“empty.txt” is empty: there is nothing to learn from it.');
    await refusal.waitFor();
    expect(opened.page.url()).toMatch(/#\/$/);
    expect((await opened.served.request('texts.list', null)).map(({ title }) => title)).not.toContain(
      'empty.txt',
    );
    await opened.page.getByRole('button', { name: 'Close this message' }).click();
  });

  test('a file that cannot be read is read once, and again when asked', async () => {
    await opened.go('#/');
    await opened.page
      .locator('input[type="file"]:not([webkitdirectory])')
      .setInputFiles({ name: 'short-lived.txt', mimeType: 'text/plain', buffer: Buffer.from('once upon') });
    await opened.page.getByRole('heading', { level: 1, name: 'short-lived.txt' }).waitFor();
    const [text] = await opened.served.request('texts.list', null);
    truncateSync(text?.path ?? '');
    await opened.go('#/');
    const { length } = opened.complaints;
    await opened.go(`#/data/${text?.id ?? ''}`);
    const problem = opened.page.getByRole('alert').filter({ hasText: 'is empty' });
    await problem.waitFor();
    await press('Read again');
    await problem.waitFor();
    expect(opened.complaints).toHaveLength(length);
  });
});
