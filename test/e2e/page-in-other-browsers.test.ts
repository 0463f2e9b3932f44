import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn } from '../../src/shared/format/tint.ts';
import { describeInOtherBrowsers, hasOtherBrowser } from '../support/other-browsers.ts';
import type { OtherPage } from '../support/other-page.ts';
import { asked, caseNames, initialTemperature, pageCases, type PageCase } from '../support/page-cases.ts';
import { temporaryFolder } from '../support/texts.ts';
import { button, field, words } from '../support/xpath.ts';

const folder = temporaryFolder('other-browsers');
let cases: ReadonlyMap<string, PageCase>;
beforeAll(async () => {
  if (hasOtherBrowser) cases = await pageCases(folder);
}, 120_000);

describeInOtherBrowsers('a page that writes', (browser) => {
  let page: OtherPage;
  beforeAll(async () => {
    page = await browser.start();
  });
  afterAll(() => page?.close());

  function caseOf(name: string): PageCase {
    const found = cases.get(name);
    if (found === undefined) throw new Error(`no page of ${name}`);
    return found;
  }

  async function open(name: string): Promise<PageCase> {
    const found = caseOf(name);
    await page.open(found.address);
    await page.waitFor(words('Ready.'));
    return found;
  }

  /** Sets everything as a person does: the slider by keyboard. */
  async function ask(length: number = asked.length): Promise<void> {
    await page.fill(field('Opening words'), asked.openingWords);
    await page.fill(field('Seed'), String(asked.seed));
    await page.fill(field('Length'), String(length));
    const steps = Math.round((asked.temperature - initialTemperature) * 100);
    for (let step = 0; step < steps; step++) await page.press(field('Temperature'), 'ArrowRight');
    expect(await page.evaluate('document.getElementById("temperature-value").textContent')).toBe(
      String(asked.temperature),
    );
  }

  const text = (): Promise<string> => page.evaluate('document.getElementById("text").textContent');
  const disabled = (id: string): Promise<boolean> =>
    page.evaluate(`document.getElementById(${JSON.stringify(id)}).disabled`);

  async function write(): Promise<string> {
    await page.click(button('Write'));
    await page.waitFor(words(' written.'));
    return text();
  }

  test('what a page complains of and asks for is noticed', async () => {
    const path = join(folder, 'control.html');
    writeFileSync(
      path,
      '<!doctype html><p>Loaded</p><img src="http://charloom.test/a.png"><script>undefinedName()</script>',
    );
    await page.open(pathToFileURL(path).href);
    await page.waitFor(words('Loaded'));
    // Firefox asks for the encrypted one first.
    await expect.poll(() => page.requests.join()).toMatch(/^https?:\/\/charloom\.test\/a\.png/u);
    await expect.poll(() => page.complaints.join()).toContain('undefinedName');
    page.requests.length = 0;
    page.complaints.length = 0;
  });

  test.each(caseNames)('writes what the command line writes, and asks for nothing: %s', async (name) => {
    const { sampled } = await open(name);
    await ask();
    expect(await write()).toBe(drawn(sampled));
    expect({ requests: page.requests, complaints: page.complaints }).toEqual({
      requests: [],
      complaints: [],
    });
  });

  test('continues where it stopped; stops when asked, and answers while it writes', async () => {
    const { sampled } = await open('lstm');
    await ask(asked.length / 2);
    await write();
    await page.click(button('Continue'));
    await page.waitFor(words('1,500 characters written.'));
    expect(await text()).toBe(drawn(sampled));
    await page.fill(field('Length'), '100000');
    await page.click(button('Write'));
    await page.waitFor(words('Writing...'));
    await page.fill(field('Opening words'), 'while it writes');
    await page.click(button('Stop'));
    await page.waitFor(words('Stopped after '));
    expect((await text()).startsWith(drawn(sampled))).toBe(true);
    expect((await text()).length).toBeLessThan(100_000);
  });

  test('gives its text away: as a file, and to the clipboard or by hand', async () => {
    const { sampled } = await open('gru');
    await ask();
    await write();
    const { name, content } = await page.save(button('Save as a file'));
    expect(name).toBe('Drawn by lot.txt');
    expect(content.toString('utf8')).toBe(sampled);
    await page.click(button('Copy'));
    await page.waitFor("//*[@id='status'][.='Copied.' or contains(., 'is selected')]");
    const status = await page.evaluate<string>('document.getElementById("status").textContent');
    if (status !== 'Copied.') {
      expect(await page.evaluate<string>('String(getSelection())')).toBe(drawn(sampled));
    }
    await page.fill(field('Opening words'), '');
    await page.press(field('Opening words'), 'Paste');
    const pasted = (): Promise<string> => page.evaluate('document.getElementById("opening").value');
    if (status === 'Copied.') await expect.poll(pasted).toBe(sampled.slice(0, 2000));
    expect({ requests: page.requests, complaints: page.complaints }).toEqual({
      requests: [],
      complaints: [],
    });
  });

  test('fits a window of 390 pixels, tinted and not, and its controls can be used', async () => {
    await page.resize(390);
    await open('gru, layer-normalised');
    await ask(300);
    await write();
    await page.click(field('Show how likely each character was'));
    await page.waitFor(words('The model was'));
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await disabled('write')).toBe(false);
    mkdirSync('test/output', { recursive: true });
    await page.picture(join('test/output', `writing-page-390-${browser.name.toLowerCase()}.png`));
    expect(page.complaints).toEqual([]);
  });
});
