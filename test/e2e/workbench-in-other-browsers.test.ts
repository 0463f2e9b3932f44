import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInOtherBrowsers, hasOtherBrowser } from '../support/other-browsers.ts';
import type { OtherPage } from '../support/other-page.ts';
import { overfittingRun } from '../support/overfitting-run.ts';
import { places } from '../support/pages.ts';
import { Served } from '../support/served.ts';
import { session } from '../support/sessions.ts';
import { temporaryFolder } from '../support/texts.ts';
import { story } from '../support/workbench-runs.ts';
import { button, field, link, title, words } from '../support/xpath.ts';

const home = temporaryFolder('other-browsers');
let served: Served;
/** The id of a text of a few pages. */
let text: string;

beforeAll(async () => {
  if (!hasOtherBrowser) return;
  await overfittingRun(home);
  const settings = { name: 'Other', rnnSize: 24, numLayers: 1, evaluateEvery: 20, maxIterations: 60 };
  await session({ text: join(home, 'samples', 'alice.txt'), settings, runs: join(home, 'runs') });
  served = await Served.start([], { env: { CHARLOOM_HOME: home } });
  text = (await served.upload('weaver.txt', story)).id;
}, 120_000);
afterAll(async () => {
  served?.running.process.kill('SIGINT');
  await served?.running.finished;
});

describeInOtherBrowsers('the workbench', (browser) => {
  let page: OtherPage;
  beforeAll(async () => {
    page = await browser.start();
    await page.open(served.addressWithToken);
    await page.waitFor("//nav[@aria-label='Main']");
  });
  afterAll(() => page?.close());

  const run = `weaver ${browser.name}`;
  const go = (place: string): Promise<void> => page.open(`${served.address}/${place}`);
  const readText = (): Promise<string> =>
    page.evaluate(`document.querySelector('[role="textbox"][aria-label^="Written text"]').textContent`);

  /** Pixels by which the page is wider than its window. */
  const overflow = (): Promise<number> =>
    page.evaluate(`Math.max(...[document.documentElement, ...document.querySelectorAll('.scroller')].map(
      (element) => element.scrollWidth - element.clientWidth))`);

  test('opens every page without a complaint, in a wide and a narrow window', async () => {
    mkdirSync('test/output/screens', { recursive: true });
    for (const width of [1100, 390]) {
      await page.resize(width);
      for (const [name, place, shown] of places) {
        await go(place);
        await page.waitFor(words(shown));
        await expect.poll(overflow, { message: `${name}, ${width} pixels` }).toBeLessThanOrEqual(0);
        await page.picture(`test/output/screens/${name}-${width}-${browser.name.toLowerCase()}.png`);
        expect(page.complaints, `${name}, ${width} pixels`).toEqual([]);
      }
    }
    await page.resize(1100);
  }, 120_000);

  test('sets up a run, shows it training, and writes with it when it has finished', async () => {
    await go(`#/setup/${text}`);
    await page.click(words('All settings'));
    await page.click("//label[contains(., 'char-rnn’s')]");
    const settings = { Name: run, 'Layer size': '16', Layers: '1', 'Batch size': '8' };
    const lengths = { 'Sequence length': '25', Epochs: '3', 'Evaluate every': '40' };
    for (const [name, value] of Object.entries({ ...settings, ...lengths })) {
      await page.fill(field(name), value);
      await page.press(field(name), 'Enter');
    }
    await page.click(button('Start training'));
    await page.waitFor(title(run));
    await page.waitFor("//main//*[text()='finished']", 30_000);
    await page.waitFor("//*[@role='img'][contains(@aria-label, 'Validation loss')]");
    await page.click(link('Write with the best checkpoint'));
    await page.waitFor(words('Done: '));
    await page.fill(field('Opening words'), 'In year ');
    await page.click(button('Write'));
    await expect.poll(async () => (await readText()).startsWith('In year ')).toBe(true);
    await page.waitFor(words('Done: '));
    expect(page.complaints).toEqual([]);
  }, 90_000);

  test('saves what the server makes: a model for another program', async () => {
    await go('#/write/Alice');
    await page.click(button('Give it away…'));
    const { name, content } = await page.save(button('Export to PyTorch'));
    expect(name).toBe('Alice-pytorch.zip');
    expect(content.subarray(0, 2).toString()).toBe('PK');
    expect(page.complaints).toEqual([]);
  });
});
