import { join } from 'node:path';
import { type Locator, type WebSocketRoute } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { describeInChromium } from '../support/chromium.ts';
import { charloom } from '../support/processes.ts';
import { session } from '../support/sessions.ts';
import { writeText } from '../support/texts.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

/** Its letters are two bytes each as often as one: a model of bytes must put them together again. */
const accents = 'Zoë aß süße Äpfel früh. '.repeat(400);
const bytesRun: Partial<RunSettings> = {
  name: 'Bytes',
  symbols: 'bytes',
  batchSize: 8,
  sequenceLength: 24,
  trainFraction: 0.9,
  validationFraction: 0.1,
  rnnSize: 48,
  numLayers: 1,
  learningRate: 0.01,
  maxEpochs: 8,
  evaluateEvery: 80,
};

describeInChromium('several texts side by side', () => {
  const window = windowWithRuns(async (home) => {
    const text = writeText(home, 'accents.txt', accents);
    await session({ text, settings: bytesRun, runs: join(home, 'runs') });
  });

  const field = (name: string): Locator => window.opened.page.getByRole('textbox', { name, exact: true });
  const texts = (): Promise<readonly string[]> => window.opened.page.locator('.text').allTextContents();
  const ended = (): Locator => window.opened.page.locator('.texts').getByText(/^Done: /);
  const headings = (): Promise<readonly string[]> =>
    window.opened.page.locator('.texts h2').allTextContents();

  /** What the command line writes: the same engine, another host. */
  async function sample(run: string, ...options: readonly string[]): Promise<string> {
    const { home } = window.opened;
    const words = ['sample', run, '--json', '--prime-text', 'Alice', '--length', '120', ...options];
    const { stdout } = await charloom(words, { env: { CHARLOOM_HOME: home } });
    const written = JSON.parse(stdout) as { readonly prime_text: string; readonly text: string };
    return written.prime_text + written.text;
  }

  async function arrange(name: string): Promise<void> {
    await window.opened.page.getByText(name, { exact: true }).click();
  }

  async function write(columns: number): Promise<void> {
    await window.opened.page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(() => ended().count()).toBe(columns);
  }

  test('write what was requested before the model was loaded', async () => {
    const { page } = window.opened;
    let held: (() => void)[] | null = [];
    await page.routeWebSocket(/\/streams$/, (socket: WebSocketRoute) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (held === null) socket.send(message);
        else held.push(() => socket.send(message));
      });
    });
    await window.opened.go('#/write/Alice');
    await page.reload();
    await field('Opening words').fill('Alice');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Loading the model; writing starts when it is ready.').waitFor();
    expect(await texts()).toEqual(['']);
    const waiting: readonly (() => void)[] = held;
    held = null;
    for (const release of waiting) release();
    await ended().waitFor();
    expect((await texts())[0]).toMatch(/^Alice.{100}/su);
  });

  test('are written by two models from one seed, each as it writes alone', async () => {
    const { page } = window.opened;
    await page.getByText(/^Length .* and more/).click();
    await field('Length').fill('120');
    await field('Seed').fill('7');
    await arrange('Models');
    await page.getByRole('combobox', { name: 'Second model', exact: true }).selectOption({ index: 0 });
    await page.getByText(/^Bytes, epoch/).waitFor();
    await write(2);
    expect(await headings()).toEqual(['First model', 'Second model']);
    const alone = ['Alice', 'Bytes'].map((run) => sample(run, '--seed', '7', '--temperature', '0.8'));
    expect(await texts()).toEqual(await Promise.all(alone));
    await window.opened.check('write-models');
  });

  test('differ by two temperatures, and are marked as outdated when the settings above change', async () => {
    const { page } = window.opened;
    await arrange('Temperatures');
    await page.getByText(/^This text was written by Bytes/).waitFor();
    await field('First temperature').fill('0.3');
    await field('Second temperature').fill('1.4');
    await write(2);
    expect(await page.getByText(/^This text was written/).count()).toBe(0);
    expect(await headings()).toEqual(['Temperature 0.3', 'Temperature 1.4']);
    const alone = ['0.3', '1.4'].map((degree) => sample('Alice', '--seed', '7', '--temperature', degree));
    expect(await texts()).toEqual(await Promise.all(alone));
  });

  test('have rising temperatures', async () => {
    await arrange('Ladder');
    await write(4);
    const degrees = (await headings()).map((heading) => /^Temperature ([\d.]+)$/.exec(heading)?.[1] ?? '');
    expect(degrees).toEqual(['0.3', '0.6', '0.9', '1.2']);
    const alone = degrees.map((degree) => sample('Alice', '--seed', '7', '--temperature', degree));
    expect(await texts()).toEqual(await Promise.all(alone));
  });

  test('join characters of several bytes, and count bytes', async () => {
    const { page } = window.opened;
    await arrange('One');
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: await label('Bytes') });
    await page.getByText(/^Bytes, epoch/).waitFor();
    await field('Temperature').fill('0.3');
    await write(1);
    const [text = ''] = await texts();
    expect(text).toBe(await sample('Bytes', '--seed', '7', '--temperature', '0.3'));
    expect(text).toMatch(/[ëßüÄ]/u);
    // It knows no “A” and no “i”, and reads the rest of the opening words.
    expect(Buffer.byteLength(text) - Buffer.byteLength('ale')).toBe(120);
  });

  test('are written at reading speed, or as fast as possible', async () => {
    const { page } = window.opened;
    const seconds = async (): Promise<number> => {
      const begun = performance.now();
      await write(1);
      return (performance.now() - begun) / 1000;
    };
    await field('Length').fill('50');
    await page.getByText('At reading speed', { exact: true }).click();
    // 25 symbols a second, and never faster: 50 take about two seconds.
    expect(await seconds()).toBeGreaterThan(1.7);
    await page.getByText('As fast as possible', { exact: true }).click();
    expect(await seconds()).toBeLessThan(1.5);
  });

  /** The name of a run as the list of models shows it. */
  async function label(run: string): Promise<string> {
    const options = await window.opened.page.locator('option').allTextContents();
    return options.find((option) => option.startsWith(`${run},`)) ?? run;
  }
});
