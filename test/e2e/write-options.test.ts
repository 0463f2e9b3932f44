import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { describeInChromium } from '../support/chromium.ts';
import { root } from '../support/processes.ts';
import { session } from '../support/sessions.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

/** The text has a byte in every line that is not valid UTF-8. */
const latin = Buffer.from('ab \u00e9\n'.repeat(1500), 'latin1');
const shared = ['--length', '120', '--temperature', '0.8', '--seed', '40'];

describeInChromium('every way to write, on the page and on the command line', () => {
  const window = windowWithRuns(async (home) => {
    const text = join(home, 'latin.txt');
    writeFileSync(text, latin);
    const shape = { batchSize: 5, sequenceLength: 16, rnnSize: 24, numLayers: 1, learningRate: 0.02 };
    const length = { maxEpochs: 20, maxIterations: 200, evaluateEvery: 100 };
    const settings = { ...defaultRunSettings, ...shape, ...length, name: 'Latin', symbols: 'bytes' } as const;
    await session({ text, settings, runs: join(home, 'runs') });
  });

  function commandLine(model: string, words: readonly string[]): Buffer {
    const env = { ...process.env, CHARLOOM_HOME: window.opened.home };
    const launcher = join(root, 'bin/charloom.js');
    return execFileSync(process.execPath, [launcher, 'sample', model, ...shared, ...words], { env });
  }

  const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name, exact: true });
  const box = (page: Page, name: string): Locator => page.getByRole('checkbox', { name, exact: true });

  async function choose(page: Page, model: string): Promise<void> {
    await window.opened.go('#/write');
    const picker = page.getByRole('combobox', { name: 'Model', exact: true });
    const label = await picker.locator('option', { hasText: model }).first().textContent();
    await picker.selectOption({ label: label ?? '' });
    await page.getByText(new RegExp(`^${model}.*, epoch`)).waitFor();
    if (!(await field(page, 'Length').isVisible())) await page.getByText(/^Length .* and more/).click();
    await field(page, 'Length').fill('120');
    await field(page, 'Seed').fill('40');
  }

  async function saved(page: Page, button: string | RegExp): Promise<Buffer> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return readFileSync(await (await download).path());
  }

  /** Three texts with what is set on the page, as they are saved together. */
  async function three(page: Page): Promise<Buffer> {
    await field(page, 'Texts').fill('3');
    await page.keyboard.press('Control+Enter');
    return saved(page, 'Save all 3 as .txt');
  }

  test.each([
    ['Likeliest share only', '0.7', '--top-p'],
    ['Minimum probability', '0.2', '--min-p'],
    ['Repetition guard', '3', '--repetition-guard'],
    ['Likeliest symbols only', '4', '--top-k'],
  ])('%s: three texts are the same, byte for byte', async (name, value, option) => {
    const { page } = window.opened;
    await choose(page, 'Alice');
    const words = ['--count', '3', '--prime-text', 'Alice said'];
    await field(page, 'Opening words').fill('Alice said');
    await field(page, name).fill(value);
    const texts = await three(page);
    expect(texts).toEqual(commandLine('Alice', [...words, option, value]));
    expect(texts).not.toEqual(commandLine('Alice', words));
    await page.getByRole('button', { name: `Reset ${name}` }).click();
  });

  test.each([
    ['Greedy inside words', '--greedy-in-words'],
    ['Stop at a line end', '--stop-at-line-end'],
  ])('%s: three texts are the same, byte for byte', async (name, option) => {
    const { page } = window.opened;
    await choose(page, 'Alice');
    await box(page, name).check();
    expect(await three(page)).toEqual(
      commandLine('Alice', ['--count', '3', '--prime-text', 'Alice said', option]),
    );
    await box(page, name).uncheck();
  });

  test('several texts are listed one below the other; each can be selected and changed', async () => {
    const { page } = window.opened;
    const texts = page.getByRole('list', { name: 'Texts of this series' }).getByRole('listitem');
    await three(page);
    expect(await texts.getByRole('heading').allTextContents()).toEqual(
      [40, 41, 42].map((seed, index) => `Text ${index + 1} of 3, seed ${seed}`),
    );
    await window.opened.check('write-several');
    const second = (await texts.nth(1).getByRole('region').textContent())?.trim();
    await texts
      .nth(1)
      .getByRole('button', { name: /^Work on this text/ })
      .click();
    const output = texts.nth(1).getByRole('textbox', { name: /^Written text/ });
    expect((await output.textContent())?.trim()).toBe(second);
    expect(await texts.count()).toBe(3);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Done: 240 symbols.').waitFor();
    expect((await output.textContent())?.trim().startsWith(second ?? '?')).toBe(true);
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    expect(await texts.first().getByRole('textbox').count()).toBe(1);
  });

  test('bytes that are no text are saved, compared and continued unchanged', async () => {
    const { page } = window.opened;
    await choose(page, 'Latin');
    await field(page, 'Opening words').fill('ab ');
    const words = ['--prime-text', 'ab '];
    expect(await three(page)).toEqual(commandLine('Latin', [...words, '--count', '3']));
    await field(page, 'Texts').fill('1');
    await box(page, 'Greedy').check();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Done: 120 symbols.').waitFor();
    await page.getByRole('button', { name: 'Is it copied?' }).click();
    await page.getByText(/(9\d|100) % of it occurs word for word/).waitFor();
    const quoted = await page
      .getByRole('list', { name: /Copied passages/ })
      .locator('q')
      .first()
      .textContent();
    expect(quoted).toContain('ab \ufffd ab');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^version/).waitFor();
    await page.getByText('Done: 120 symbols.').waitFor();
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Done: 240 symbols.').waitFor();
    expect(await saved(page, 'Save as .txt')).toEqual(
      commandLine('Latin', [...words, '--greedy', '--length', '240']),
    );
  });
});
