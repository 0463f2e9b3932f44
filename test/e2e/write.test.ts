import { readFileSync } from 'node:fs';
import type { Locator, WebSocketRoute } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('the page Write', () => {
  const window = windowWithRuns();

  /** It is below a heading that may be folded. */
  async function setLength(length: string): Promise<void> {
    const field = window.opened.page.getByRole('textbox', { name: 'Length' });
    if (!(await field.isVisible())) await window.opened.page.getByText(/^Length .* and more/).click();
    await field.fill(length);
  }

  const output = (): Locator => window.opened.page.getByRole('textbox', { name: /^Written text/ });
  const written = async (): Promise<string> => (await output().textContent()) ?? '';
  const status = (text: string | RegExp): Locator => window.opened.page.locator('.texts').getByText(text);

  test('has a first text when it opens, and says how to get another', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    await status('Done: 400 symbols.').waitFor();
    expect(Array.from(await written())).toHaveLength(400);
    await page.getByText('A first text, to show what this model can do.').waitFor();
    // One is enough: coming back writes no other.
    const first = await written();
    await window.opened.go('#/glossary');
    await window.opened.go('#/write');
    await status('Done: 400 symbols.').waitFor();
    expect(await written()).toBe(first);
    // Where it is stopped before it began, the empty page says what to do.
    let held: (() => void)[] | null = [];
    await page.routeWebSocket(/\/streams$/, (socket: WebSocketRoute) => {
      socket.connectToServer().onMessage((message) => {
        if (held === null) socket.send(message);
        else held.push(() => socket.send(message));
      });
    });
    await window.opened.go('#/write/Alice');
    await page.reload();
    await page.getByText('Loading the model...', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const waiting: readonly (() => void)[] = held;
    held = null;
    for (const release of waiting) release();
    await page.getByText('Type opening words, or none, and press “Write”.').waitFor();
    await page.reload();
    await status('Done: 400 symbols.').waitFor();
  });

  test('accepts numbers of other locales, and never a part of the typed text', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    const temperature = page.getByRole('textbox', { name: 'Temperature' });
    const length = page.getByRole('textbox', { name: 'Length' });
    await setLength('700');
    await page.keyboard.press('Tab');
    const type = async (field: Locator, typed: string): Promise<string> => {
      await field.fill('');
      await field.pressSequentially(typed);
      await page.keyboard.press('Tab');
      return field.inputValue();
    };
    for (const [typed, value] of [
      ['1,5', '1.5'],
      ['0,5', '0.5'],
    ] as const) {
      expect(await type(temperature, typed)).toBe(value);
    }
    for (const wrong of ['20', '1.2,3']) {
      expect(await type(temperature, wrong)).toBe(wrong);
      await page.getByText('A number from 0.01 to 10. The value is still 0.5.').waitFor();
    }
    expect(await type(temperature, '0.8')).toBe('0.8');
    expect(await page.getByText('The value is still').count()).toBe(0);
    expect(await type(length, '1,000')).toBe('1000');
    expect(await type(length, '2 000')).toBe('2000');
    expect(await type(length, '12.7')).toBe('12.7');
    await page.getByText('The value is still 2000.').waitFor();
    expect(await type(length, '1.000')).toBe('1.000');
    await page.getByText('This may be 1 or 1000').waitFor();
    expect(await type(length, '700')).toBe('700');
  });

  test('marks unknown characters while they are typed', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    await page.getByRole('textbox', { name: 'Opening words' }).fill('Alice said: “Voilà l’été.”');
    await page.getByText('Not in this model’s vocabulary').waitFor();
    const marked = await page.locator('.mirror mark').allTextContents();
    for (const mark of marked) expect(window.run.text).not.toContain(mark);
    expect(marked).toContain('à');
  });

  test('writes as requested, and the same again with the same seed', async () => {
    const { page } = window.opened;
    await page.getByRole('textbox', { name: 'Opening words' }).fill('Alice said');
    await setLength('700');
    await page.keyboard.press('Control+Enter');
    await status('Done: 700 symbols.').waitFor();
    const first = await written();
    expect(first.startsWith('Alice said')).toBe(true);
    expect(Array.from(first)).toHaveLength('Alice said'.length + 700);
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText('version 3 of 3').waitFor();
    await status('Done: 700 symbols.').waitFor();
    expect(await written()).toBe(first);
    await page.getByRole('button', { name: 'Continue' }).click();
    await status('Done: 1,400 symbols.').waitFor();
    expect((await written()).startsWith(first)).toBe(true);
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByText('version 4 of 4').waitFor();
    await status('Done: 700 symbols.').waitFor();
    expect(await written()).not.toBe(first);
  });

  test('shows alternatives of a symbol, takes one, and keeps the earlier text', async () => {
    const { page } = window.opened;
    const before = await written();
    await output().focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    await page.getByText(/^Symbol 6: /).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Alternatives at this position' });
    await dialog.getByRole('listitem').first().waitFor();
    const shares = await dialog.locator('li .number').allTextContents();
    expect(shares.length).toBeGreaterThan(3);
    await window.opened.check('write-alternatives');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await output().evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    const other = dialog
      .getByRole('button', { name: /use it and continue from here/ })
      .filter({ hasText: '“' })
      .first();
    const symbol = /“(.)”/u.exec((await other.textContent()) ?? '')?.[1] ?? '';
    await other.click();
    await page.getByText('version 5 of 5').waitFor();
    await status(/^Done: /).waitFor();
    const after = await written();
    expect(after.slice(0, 15)).toBe(before.slice(0, 15));
    expect(after[15]).toBe(symbol);
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    expect(await written()).toBe(before);
  });

  test('finds alternatives under a click, in a text that is tinted', async () => {
    const { page } = window.opened;
    await page.getByRole('checkbox', { name: /^Tint/ }).check();
    await page.getByText('a surprise', { exact: true }).waitFor();
    await output().evaluate((element) => element.scrollTo(0, 0));
    const place = await output()
      .locator('.symbols')
      .first()
      .evaluate((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let passed = 0;
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const length = node.textContent?.length ?? 0;
          if (passed + length > 20) {
            const range = document.createRange();
            range.setStart(node, 20 - passed);
            range.setEnd(node, 21 - passed);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x: x + width * 0.7, y: y + height / 2 };
          }
          passed += length;
        }
        return { x: 0, y: 0 };
      });
    await page.mouse.click(place.x, place.y);
    await page.getByText(/^Symbol 21: /).waitFor();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await page.keyboard.press('Escape');
    await window.opened.check('write');
    await page.getByRole('checkbox', { name: /^Tint/ }).uncheck();
  });

  test('follows the temperature while it writes, stops, and keeps its text while other pages are open', async () => {
    const { page } = window.opened;
    await setLength('200000');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText(/symbols so far/).waitFor();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0.1');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await written()).length).toBeGreaterThan(20_000);
    await page.keyboard.press('Escape');
    await status(/^Stopped after /).waitFor();
    const text = await written();
    // Practically greedy: always taking the likeliest symbol soon loops.
    const tail = text.slice(-3000);
    expect(new Set(tail.match(/.{12}/gsu)).size).toBeLessThan(
      new Set(text.slice(0, 3000).match(/.{12}/gsu)).size,
    );
    await window.opened.go('#/settings');
    await window.opened.go('#/write');
    expect(await written()).toBe(text);
    await setLength('50');
    await page.getByRole('button', { name: 'Continue' }).click();
    await status(/^Done: /).waitFor();
    expect((await written()).startsWith(text)).toBe(true);
    expect(Array.from(await written())).toHaveLength(Array.from(text).length + 50);
  });

  test('compares temperatures side by side with one seed', async () => {
    const { page } = window.opened;
    await page.getByText('Ladder', { exact: true }).click();
    await setLength('300');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(() => status('Done: 300 symbols.').count()).toBe(4);
    const texts = await page.locator('.text').allTextContents();
    expect(new Set(texts).size).toBe(4);
    await window.opened.check('write-ladder');
    await page.getByText('One', { exact: true }).click();
  });

  test('saves a text as a file, with its colophon on request', async () => {
    const { page } = window.opened;
    await page.getByRole('checkbox', { name: 'with its settings' }).check();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as .txt' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/Alice.*seed \d+\.txt$/);
    const content = readFileSync(await saved.path(), 'utf8');
    expect(content).toMatch(/^# Written by/);
    expect(content.endsWith(await written())).toBe(true);
  });
});
