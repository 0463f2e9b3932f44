import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { sampleResult } from '../../src/cli/json-output.ts';
import { chosenCount } from '../../src/shared/domain/colophon.ts';
import { readColophon } from '../../src/shared/format/read-colophon.ts';
import { describeInChromium } from '../support/chromium.ts';
import { charloom } from '../support/processes.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('a booklet', () => {
  const window = windowWithRuns();

  const written = async (): Promise<string> => {
    const box = window.opened.page.getByRole('textbox', { name: /^Written text/ });
    return (await box.textContent()) ?? '';
  };
  const isDone = (): Promise<void> =>
    window.opened.page
      .locator('.texts')
      .getByText(/^Done: /)
      .waitFor();

  /** Takes the second alternative to the symbol at a position, by keyboard. */
  async function choose(position: number): Promise<void> {
    const { page } = window.opened;
    await page.getByRole('textbox', { name: /^Written text/ }).focus();
    await page.keyboard.press('Home');
    for (let at = 0; at < position; at++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Alternatives at this position' });
    await dialog
      .getByRole('button', { name: /use it and continue from here/ })
      .nth(1)
      .click();
    await dialog.waitFor({ state: 'detached' });
    await isDone();
  }

  async function saveBooklet(title: string): Promise<string> {
    const { page } = window.opened;
    await page.getByRole('button', { name: 'Booklet' }).click();
    const dialog = page.getByRole('dialog', { name: 'Booklet' });
    expect(await dialog.getByRole('button', { name: 'Save booklet' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Title').fill(title);
    await dialog.getByLabel('By whom').fill('Somebody & a model');
    await window.opened.check('booklet-dialog');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save booklet' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe(`${title}.html`);
    await dialog.waitFor({ state: 'detached' });
    const path = join(window.opened.home, `${title}.html`);
    await saved.saveAs(path);
    return path;
  }

  async function again(path: string): Promise<string> {
    const env = { CHARLOOM_HOME: window.opened.home };
    const { code, stdout, stderr } = await charloom(['sample', '--from-colophon', path, '--json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { prime_text: prime, text, same, remarks } = sampleResult.parse(JSON.parse(stdout));
    expect({ same, remarks }).toEqual({ same: true, remarks: [] });
    return prime + text;
  }

  test('with alternatives chosen by hand is written again by the command line, character for character', async () => {
    const { page } = window.opened;
    await window.opened.go('#/write');
    await isDone();
    await page.getByRole('textbox', { name: 'Opening words' }).fill('Alice said: “Oh');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await isDone();
    await choose(12);
    await choose(40);
    const path = await saveBooklet('By hand');
    const shown = await written();
    const colophon = readColophon(readFileSync(path, 'utf8'));
    expect(chosenCount(colophon)).toBeGreaterThanOrEqual(1);
    expect(chosenCount(colophon)).toBeLessThanOrEqual(2);
    expect(await again(path)).toBe(shown);
  });

  test('of a text that was continued after the model was loaded again says where, and is written again', async () => {
    const { page } = window.opened;
    await window.opened.go('#/glossary');
    await window.opened.go('#/write');
    await page.getByRole('button', { name: 'Continue' }).click();
    await isDone();
    const before = await written();
    const path = await saveBooklet('Continued');
    const colophon = readColophon(readFileSync(path, 'utf8'));
    expect(colophon.parts).toHaveLength(2);
    expect(chosenCount(colophon)).toBeLessThanOrEqual(2);
    expect(await again(path)).toBe(before);
  });

  test.each([
    ['A5', 419.53, 595.28],
    ['Letter', 612, 792],
  ])('prints on %s: a title, the text, a colophon', async (paper, width, height) => {
    const { page } = window.opened;
    await page.getByRole('button', { name: 'Booklet' }).click();
    const dialog = page.getByRole('dialog', { name: 'Booklet' });
    await dialog.getByLabel('Title').fill(paper);
    await dialog.getByLabel('Paper').selectOption(paper);
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save booklet' }).click();
    const path = join(window.opened.home, `${paper}.html`);
    await (await download).saveAs(path);
    const printed = await page.context().newPage();
    const requests: string[] = [];
    printed.on('request', (request) => requests.push(request.url()));
    await printed.goto(pathToFileURL(path).href);
    expect(requests).toEqual([pathToFileURL(path).href]);
    await printed.getByRole('heading', { name: 'Colophon' }).waitFor();
    const pdf = (await printed.pdf({ preferCSSPageSize: true })).toString('latin1');
    await printed.close();
    const [, , w = '0', h = '0'] =
      /\/MediaBox \[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]/.exec(pdf)?.slice(1) ?? [];
    expect(Math.abs(Number(w) - width)).toBeLessThan(2);
    expect(Math.abs(Number(h) - height)).toBeLessThan(2);
    expect(Number(/\/Count (\d+)/.exec(pdf)?.[1])).toBeGreaterThanOrEqual(3);
  });
});
