import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { violationsOn } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { startCharloom } from '../support/processes.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

/** The work is done at low priority: on a busy machine it waits for everything else. */
const patience = 240_000;
describeInChromium('the page Look inside', () => {
  const window = windowWithRuns();
  /** Some pages of the book, as a user would paste them. */
  let passage: string;
  beforeAll(() => {
    passage = window.run.text.slice(20_000, 24_000);
  });

  const page = () => window.opened.page;
  const tab = (name: string): Locator => page().getByRole('tab', { name });
  const reader = (): Locator => page().getByRole('textbox', { name: 'The text, tinted by the unit' });
  const words = (start: string | RegExp): Locator => page().locator('p.words').getByText(start);
  const position = async (): Promise<number> =>
    Number(/^Symbol (\d+)/u.exec((await page().locator('p.words').textContent()) ?? '')?.[1]);

  async function read(text: string): Promise<void> {
    await page().getByRole('combobox', { name: 'It reads' }).selectOption('type or paste one');
    await page().getByRole('textbox', { name: 'Your text' }).fill(text);
    await page().getByRole('button', { name: 'Read it' }).click();
    await expect
      .poll(async () => (await reader().locator('.symbols').allTextContents()).join(''), {
        timeout: patience,
      })
      .toBe(text);
  }

  test(
    'reads a text, tints it, and says what the model expects at every character',
    { timeout: 2 * patience },
    async () => {
      await window.opened.go('#/inside/Alice');
      await read(passage);
      await reader().locator('.activation').first().waitFor();
      expect(await reader().locator('.activation').count()).toBeGreaterThan(20);
      await reader().focus();
      for (let times = 0; times < 5; times++) await page().keyboard.press('ArrowRight');
      await words(/^Symbol 6: .*Layer 1, unit 1 \(memory\): .* at \d+ % of the text/).waitFor();
      const choices = page()
        .getByRole('region', { name: 'What the model expects next' })
        .getByRole('listitem');
      await expect.poll(() => choices.count()).toBe(5);
      // The next symbol on the page is the next symbol in the text.
      const comes = page().getByRole('region', { name: 'What the model expects next' });
      const next = passage[6] ?? '';
      const named = { ' ': 'space', '\n': 'line end (\\n)' }[next] ?? `“${next}”`;
      await comes.getByText(named, { exact: false }).first().waitFor();
      expect(await comes.textContent()).toContain('comes');
      await page().getByRole('button', { name: 'Show what mattered here' }).click();
      await page()
        .getByRole('region', { name: 'What mattered here' })
        .getByRole('listitem')
        .first()
        .waitFor();
    },
  );

  test('moves the cursor to a click, plays, steps by words, and stops', async () => {
    await reader().evaluate((element) => {
      element.scrollIntoView({ block: 'center' });
      element.scrollTo(0, 0);
    });
    const place = await reader()
      .locator('.symbols')
      .first()
      .evaluate((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let passed = 0;
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const length = node.textContent?.length ?? 0;
          if (passed + length > 40) {
            const range = document.createRange();
            range.setStart(node, 40 - passed);
            range.setEnd(node, 41 - passed);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x: x + width * 0.6, y: y + height / 2 };
          }
          passed += length;
        }
        return { x: 0, y: 0 };
      });
    await page().mouse.click(place.x, place.y);
    await words(/^Symbol 41: /).waitFor();
    await page().keyboard.press('Space');
    await expect.poll(position).toBeGreaterThan(44);
    await page().keyboard.press('Space');
    await page().getByRole('button', { name: 'Play' }).waitFor();
    await page().keyboard.press('Home');
    await words(/^Symbol 1: /).waitFor();
    const second = passage.search(/(?<=\S\s+)\p{L}/u);
    await page().keyboard.press('Control+ArrowRight');
    expect(await position()).toBeLessThanOrEqual(second + 1);
    await page().keyboard.press('n');
    await expect.poll(position).toBeGreaterThan(second);
  });

  test('marks passages by keyboard, shows where they are, and exports what the unit did', async () => {
    await reader().focus();
    await page().keyboard.press('Home');
    await page().keyboard.press('m');
    for (let times = 0; times < 99; times++) await page().keyboard.press('ArrowRight');
    await page().keyboard.press('m');
    await page().getByText('1 passage marked').waitFor();
    await page().getByRole('combobox', { name: 'Show where this holds' }).selectOption('Marked passages');
    await expect
      .poll(async () => (await reader().locator('.labelled').allTextContents()).join(''))
      .toBe(passage.slice(0, 100));
    const download = page().waitForEvent('download');
    await page().getByRole('button', { name: 'Table (CSV)' }).click();
    const table = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(table[0]).toBe('\ufeffposition,symbol,activation,property');
    // A line end is shown in quotes and has its own line.
    expect(table.filter((line) => line.endsWith(',1'))).toHaveLength(100);
    await window.opened.check('look-inside-read');
  });

  test(
    'finds the best unit of a property, scores it, and can be cancelled',
    { timeout: 2 * patience },
    async () => {
      await tab('What does it track?').click();
      await page().getByRole('button', { name: 'Search all units' }).click();
      await page().getByRole('button', { name: 'Cancel' }).click();
      await page()
        .getByRole('button', { name: /^Search/, disabled: false })
        .waitFor();
      await page()
        .getByRole('combobox', { name: 'Look for' })
        .selectOption('After a word, to the end of its sentence');
      await page().getByRole('textbox', { name: 'Word' }).fill('the');
      await page().getByRole('button', { name: 'Find its unit' }).click();
      const row = page().getByRole('row', { name: /^After “the”/ });
      await row.waitFor({ timeout: patience });
      expect(await row.textContent()).toMatch(/remembers|reacts to what it just read|nothing found/u);
      await page().getByRole('combobox', { name: 'Look for' }).selectOption('Between two marks');
      await page().getByRole('textbox', { name: 'From' }).fill('<');
      await page().getByRole('textbox', { name: 'To', exact: true }).fill('>');
      await page().getByRole('button', { name: 'Find its unit' }).click();
      const rare = page().getByRole('row', { name: /^Between < and >/ });
      await rare.waitFor({ timeout: patience });
      expect(await rare.textContent()).toContain('too rare here');
      await window.opened.check('look-inside-track');
      // It leads back to the text, with that unit and that property.
      const unit = /Layer 1, unit \d+/u.exec((await row.textContent()) ?? '')?.[0];
      await page()
        .getByRole('button', { name: /^Read along ?\(After “the”/ })
        .click();
      if (unit !== undefined) await words(new RegExp(unit, 'u')).waitFor();
      expect(
        await page()
          .getByRole('combobox', { name: 'Show where this holds' })
          .locator('option:checked')
          .textContent(),
      ).toMatch(/After “the”/u);
    },
  );

  test('writes with held units beside the unchanged model', { timeout: 2 * patience }, async () => {
    await tab('Turn it').click();
    await page()
      .getByRole('button', { name: /^Hold layer 1, unit/ })
      .click();
    const slider = page().getByRole('slider', { name: 'Held at' });
    await slider.waitFor();
    const before = await slider.getAttribute('aria-valuetext');
    await slider.press('ArrowLeft');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).not.toBe(before);
    await page().getByRole('textbox', { name: 'Opening words' }).fill('Alice said');
    await page().getByRole('textbox', { name: 'Length' }).fill('400');
    await page().getByRole('textbox', { name: 'Length' }).press('Tab');
    await page().getByRole('button', { name: 'Write both' }).click();
    await page().getByRole('heading', { name: 'What changed' }).waitFor({ timeout: patience });
    const untouched =
      (await page().getByRole('region', { name: 'Written by the untouched model' }).textContent()) ?? '';
    const held = (await page().getByRole('region', { name: 'Written with held units' }).textContent()) ?? '';
    expect(Array.from(held.trim())).not.toEqual([]);
    const sampled = await startCharloom(
      [
        'sample',
        'Alice',
        '--prime-text',
        'Alice said',
        '--length',
        '400',
        '--temperature',
        '0.8',
        '--seed',
        '123',
      ],
      { env: { CHARLOOM_HOME: window.opened.home } },
    ).finished;
    expect(untouched.replaceAll(/\s+/gu, ' ').trim()).not.toBe('');
    expect(sampled.stdout.replaceAll(/\s+/gu, ' ')).toContain(untouched.replaceAll(/\s+/gu, ' ').trim());
    await page().getByRole('button', { name: 'Measure the loss without it' }).click();
    await page()
      .getByText(/^Over all characters the/)
      .waitFor({ timeout: patience });
    await window.opened.check('look-inside-turn');
  });

  test(
    'measures how far back the model reads, and finds similar places',
    { timeout: 2 * patience },
    async () => {
      await tab('How far back?').click();
      await page().getByRole('button', { name: 'Measure its reach' }).click();
      await page().getByRole('button', { name: 'Measure again' }).waitFor({ timeout: patience });
      await page()
        .getByRole('img', { name: /^Loss by how many of the last characters/ })
        .waitFor();
      await page().getByRole('button', { name: 'Find places like this one' }).click();
      const places = page()
        .getByRole('list', { name: /Places in a like state/ })
        .getByRole('listitem');
      await places.first().waitFor({ timeout: patience });
      await window.opened.check('look-inside-reach');
      const wanted = /symbol ([\d,]+)/u
        .exec((await places.first().textContent()) ?? '')?.[1]
        ?.replaceAll(',', '');
      await places.first().getByRole('button').click();
      await words(new RegExp(`^Symbol ${wanted}: `, 'u')).waitFor();
    },
  );

  test.each(['dark', 'light'] as const)(
    'tells active from quiet symbols in forced %s colours',
    async (scheme) => {
      await tab('Read along').click();
      await page().emulateMedia({ forcedColors: 'active', colorScheme: scheme });
      const lines = await reader()
        .locator('.activation')
        .evaluateAll((elements) =>
          elements.map((element) => {
            const { textDecorationLine, textDecorationStyle } = getComputedStyle(element);
            return `${element.classList[1] ?? ''} ${textDecorationLine} ${textDecorationStyle}`;
          }),
        );
      expect(new Set(lines.filter((line) => line.startsWith('high')))).toContain('highest underline solid');
      expect(new Set(lines.filter((line) => line.startsWith('low')))).toContain('lowest underline dotted');
      const violations = await violationsOn(page(), ['color-contrast']);
      expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
      await page().emulateMedia({ forcedColors: null, colorScheme: null });
    },
  );

  test('goes from tab to tab by keyboard, and fits a narrow window', async () => {
    await page().setViewportSize({ width: 320, height: 640 });
    await tab('Read along').focus();
    for (const name of ['What does it track?', 'Turn it', 'How far back?', 'Read along']) {
      await page().keyboard.press('ArrowRight');
      expect(await tab(name).evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await tab(name).getAttribute('aria-selected')).toBe('true');
      await expect.poll(() => window.opened.overflow(), { message: name }).toBeLessThanOrEqual(0);
    }
    await page().setViewportSize({ width: 900, height: 700 });
  });

  test('is reached from a checkpoint and from what was just written', { timeout: 2 * patience }, async () => {
    await window.opened.go('#/checkpoints/Alice');
    await page().locator('[data-control="open"]').first().click();
    await page().getByRole('button', { name: 'Look inside' }).click();
    await page().getByRole('heading', { level: 1, name: 'Look inside' }).waitFor();
    expect(page().url()).toMatch(/#\/inside\/Alice\/.*safetensors/u);
    await window.opened.go('#/write/Alice');
    await page().getByRole('textbox', { name: 'Opening words' }).fill('Alice said');
    await page().keyboard.press('Control+Enter');
    await page()
      .getByText(/^Done: /)
      .waitFor();
    const written =
      (await page()
        .getByRole('textbox', { name: /^Written text/ })
        .textContent()) ?? '';
    await page()
      .getByRole('region', { name: 'Written text' })
      .getByRole('button', { name: 'Look inside' })
      .click();
    await expect
      .poll(async () => (await reader().locator('.symbols').allTextContents()).join(''), {
        timeout: patience,
      })
      .toBe(written);
  });
});
