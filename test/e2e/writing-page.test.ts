import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleResult } from '../../src/cli/json-output.ts';
import type { Checkpoint } from '../../src/engine/checkpoints/content.ts';
import { modelOfPage } from '../../src/engine/exchange/page/read-page.ts';
import { writePage, type PageProgram } from '../../src/engine/exchange/page/write-page.ts';
import { writeCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { readPageProgram } from '../../src/node/files/page-program.ts';
import { sha256 } from '../../src/node/files/sha256.ts';
import { cellKinds } from '../../src/shared/domain/cells.ts';
import {
  defaultWritingPage,
  type PagePrecision,
  type WritingPage,
} from '../../src/shared/domain/writing-page.ts';
import { drawn } from '../../src/shared/format/tint.ts';
import { violationsOn } from '../support/axe.ts';
import { describeInChromium, launchChromium } from '../support/chromium.ts';
import { allBytes, drawnModel } from '../support/page-models.ts';
import { charloom } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('writing-page');

describeInChromium('a page that writes', () => {
  let browser: Browser;
  let program: PageProgram;
  beforeAll(async () => {
    browser = await launchChromium();
    program = await readPageProgram();
  });
  afterAll(() => browser.close());

  interface Opened {
    readonly page: Page;
    /** Everything the browser asked for besides the page, and everything it complained of. */
    readonly requests: string[];
    readonly complaints: string[];
  }

  async function open(
    model: Checkpoint,
    changes: Partial<WritingPage> = {},
    precision: PagePrecision = 'float32',
    context: BrowserContextOptions = {},
  ): Promise<Opened> {
    const described = { ...defaultWritingPage, title: 'Drawn by lot', ...changes };
    const html = writePage({ model, page: described, precision, program }, sha256);
    const path = join(folder, `${Math.random()}.html`);
    writeFileSync(path, html);
    const page = await browser.newPage(context);
    const requests: string[] = [];
    const complaints: string[] = [];
    const address = pathToFileURL(path).href;
    page.on('request', (request) => request.url() !== address && requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(address);
    await page.getByText('Ready.').waitFor();
    return { page, requests, complaints };
  }

  async function write(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText(/ written\.$/).waitFor();
    return textOf(page);
  }

  function textOf(page: Page): Promise<string> {
    return page.locator('#text').evaluate((element) => element.textContent);
  }

  /** Kept where people can look at it. */
  async function picture(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join('test/output', `${name}.png`), fullPage: true });
  }

  async function sampled(model: Checkpoint, settings: readonly string[]): Promise<string> {
    const path = join(folder, `${Math.random()}.safetensors`);
    await writeCheckpoint(path, model);
    const { code, stdout, stderr } = await charloom(['sample', path, ...settings, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { prime_text: prime, text } = sampleResult.parse(JSON.parse(stdout));
    return prime + text;
  }

  const asked = { openingWords: 'The whale ', temperature: 0.9, length: 2500, seed: 4711 };
  const options = [
    '--prime-text',
    'The whale ',
    '--temperature',
    '0.9',
    '--length',
    '2500',
    '--seed',
    '4711',
  ];
  const kinds = cellKinds.flatMap((model) => [
    { model, layerNorm: false },
    { model, layerNorm: true, residual: 'on' as const },
  ]);

  test.each(kinds)('writes what the command line writes, without a request: %j', async (kind) => {
    const model = drawnModel(kind);
    const { page, requests, complaints } = await open(model, asked);
    expect(await write(page)).toBe(drawn(await sampled(model, options)));
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    await page.close();
  });

  test('the same for a model of bytes, which may write no text at all', async () => {
    const model = drawnModel({ symbols: 'bytes' }, allBytes);
    const { page, complaints } = await open(model, { ...asked, openingWords: 'é€😀' });
    const changed = options.map((word) => (word === 'The whale ' ? 'é€😀' : word));
    expect(await write(page)).toBe(drawn(await sampled(model, changed)));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('continues its text, which equals one longer text', async () => {
    const model = drawnModel({ model: 'gru' });
    const { page } = await open(model, { ...asked, length: 700 });
    await write(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('1,400 characters written.').waitFor();
    const longer = options.map((word) => (word === '2500' ? '1400' : word));
    expect(await textOf(page)).toBe(drawn(await sampled(model, longer)));
    await page.close();
  });

  test('stops immediately, and stays responsive while it writes', async () => {
    const model = drawnModel({ rnnSize: 256, numLayers: 2 });
    const { page } = await open(model, { ...asked, length: 100_000 });
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText('Writing...').waitFor();
    await page.getByLabel('Opening words').fill('while it writes');
    await page.keyboard.press('Escape');
    await page.getByText(/^Stopped after/).waitFor();
    const length = (await textOf(page)).length;
    expect(length).toBeLessThan(100_000);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
    expect((await textOf(page)).length).toBe(length);
    await page.close();
  });

  test('is half as large with float16, and writes what these weights write', async () => {
    const model = drawnModel({ rnnSize: 64 });
    const parts = { model, page: { ...defaultWritingPage, title: 'Half', ...asked }, program };
    const exact = writePage({ ...parts, precision: 'float32' }, sha256);
    const half = writePage({ ...parts, precision: 'float16' }, sha256);
    const programBytes = program.script.length + program.style.length;
    expect((half.length - programBytes) / (exact.length - programBytes)).toBeLessThan(0.55);
    const { page } = await open(model, asked, 'float16');
    // The page is read again by the other side, as an import does.
    const opened = modelOfPage(half, sha256);
    expect(await write(page)).toBe(drawn(await sampled(opened.model, options)));
    await page.close();
  });

  test('shows an author’s text as text, and never as markup', async () => {
    const hostile = `</title></script><!--<img src=x onerror="document.title='run'"><script>document.title='run'</script>\u2028\u2029 & "quoted" 'so'`;
    const texts = {
      title: hostile,
      author: hostile,
      about: hostile,
      licence: hostile,
      openingWords: hostile,
    };
    const model = drawnModel({});
    const { page, requests, complaints } = await open(model, texts);
    expect(await page.title()).toBe(hostile.replace(/[\u2028\u2029]/g, (separator) => separator));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostile);
    expect(await page.getByLabel('Opening words').inputValue()).toBe(hostile);
    for (const name of ['author', 'about', 'licence']) {
      expect(await page.locator(`.${name}`).textContent()).toContain(hostile);
    }
    await write(page);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    const html = await page.content();
    expect(modelOfPage(html, sha256).record).toMatchObject(texts);
    await page.close();
  });

  test('names unknown characters, and writes another text with another seed', async () => {
    const { page } = await open(drawnModel({}), asked);
    const first = await write(page);
    await page.getByLabel('Opening words').fill('naïve €');
    await page.getByText('“€” is left out').waitFor();
    await page.getByRole('button', { name: 'Another seed' }).click();
    expect(await page.getByLabel('Seed').inputValue()).not.toBe('4711');
    const second = await write(page);
    expect(second).not.toBe(first);
    expect(second.startsWith('naive ')).toBe(true);
    await page.close();
  });

  test('exports its text: as a file with every character, and to the clipboard', async () => {
    const model = drawnModel({});
    const { page } = await open(model, asked, 'float32', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await write(page);
    const whole = await sampled(model, options);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('Drawn by lot.txt');
    expect(readFileSync(await saved.path(), 'utf8')).toBe(whole);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText(/^Copied\.|is selected/).waitFor();
    expect([whole, drawn(whole)]).toContain(
      await page.evaluate<string>('navigator.clipboard.readText().catch(() => String(getSelection()))'),
    );
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'is accessible: %s, with and without the tint',
    async (colorScheme) => {
      const described = { ...asked, author: 'A. Author', about: 'One.\n\nTwo.', licence: 'Free to copy.' };
      const { page } = await open(drawnModel({}), described, 'float32', { colorScheme });
      await write(page);
      expect(await violationsOn(page)).toEqual([]);
      await page.getByLabel('Show how likely').check();
      expect(await violationsOn(page)).toEqual([]);
      await picture(page, `writing-page-${colorScheme}`);
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 700 });
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
          0,
        );
        await picture(page, `writing-page-${colorScheme}-${width}`);
      }
      await page.close();
    },
  );

  test('prints the text and its colophon, without controls', async () => {
    const { page } = await open(drawnModel({}), asked);
    await write(page);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#controls').isVisible()).toBe(false);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.locator('#text').isVisible()).toBe(true);
    expect(await page.locator('#made').textContent()).toBe(
      'Seed 4711, temperature 0.9, 2,500 characters after the opening words.',
    );
    await page.close();
  });

  test('says that its weights are damaged', async () => {
    const page = await browser.newPage();
    const path = join(folder, 'damaged.html');
    const parts = { model: drawnModel({}), page: { ...defaultWritingPage, title: 'x' }, program };
    const html = writePage({ ...parts, precision: 'float32' }, sha256);
    writeFileSync(path, html.replace(/(id="charloom-model"[^>]*>).{4000}/, '$1'));
    await page.goto(pathToFileURL(path).href);
    await page.getByRole('alert').filter({ hasText: 'This page cannot write' }).waitFor();
    await page.close();
  });
});
