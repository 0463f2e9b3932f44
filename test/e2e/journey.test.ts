import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { describeInChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

/** The guide's pictures show runs that learned something; what is tested holds for short ones too. Both keep 14 checkpoints. */
const length =
  process.env['npm_lifecycle_event'] === 'pictures'
    ? { maxIterations: 2000, evaluateEvery: 150 }
    : { maxIterations: 275, evaluateEvery: 20 };

/** The whole way of a new user: one story, in which each step depends on the previous one. */
describeInChromium('from a dropped book to writing with its best checkpoint', () => {
  let opened: WorkbenchWindow;
  let book: string;
  beforeAll(async () => {
    // The bundled book itself would be recognised.
    book = `${readFileSync(await sampleText('alice', temporaryFolder('journey')), 'utf8')}\n`;
    opened = await WorkbenchWindow.open({ width: 1200, height: 800 });
  });
  afterAll(async () => {
    await opened?.close();
    expect(opened?.complaints).toEqual([]);
  });

  /** The process that trains a run, as the run's lock names it. */
  function trainerOf(run: string): number {
    const lock = readFileSync(join(opened.home, 'runs', run, 'run.lock'), 'utf8');
    return (JSON.parse(lock) as { readonly holder: { readonly pid: number } }).holder.pid;
  }

  /** The log, which may be folded up, says that a checkpoint was kept. */
  const kept = () =>
    opened.page
      .getByText(/kept .*\.safetensors/)
      .first()
      .waitFor({ state: 'attached' });
  const state = (word: string) => opened.page.locator('main').getByText(word, { exact: true }).first();

  test('drop a book, look at it, set up a run, and watch it learn', async () => {
    const { page } = opened;
    await opened.drop('my alice.txt', book);
    await page.getByRole('heading', { name: 'my alice.txt', level: 1 }).waitFor();
    await page.getByRole('textbox', { name: 'Batch size' }).fill('20');
    await page.getByRole('link', { name: 'Set up a run' }).click();
    await page.getByRole('radio', { name: /The best model/ }).check();
    await page.getByRole('button', { name: 'Start training' }).click();
    await state('training').waitFor();
    await page.getByRole('img', { name: /loss/i }).first().waitFor();
  });

  test('keep a checkpoint, reload the page during training, and miss nothing', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Save a checkpoint now' }).click();
    await kept();
    await page.reload();
    await state('training').waitFor();
    await kept();
    await page.getByRole('img', { name: /loss/i }).first().waitFor();
  });

  test('lose the compute process, and resume from the last save', async () => {
    const { page } = opened;
    const run = decodeURIComponent(new URL(page.url()).hash.split('/')[2] ?? '');
    process.kill(trainerOf(run), 'SIGKILL');
    await state('interrupted').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Resume|Go on/ })
      .click();
    await state('training').waitFor();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await state('stopped').waitFor();
    await opened.check('journey-run');
  });

  test('write with the best checkpoint', async () => {
    const { page } = opened;
    await page.getByRole('link', { name: 'Write with the best checkpoint' }).click();
    await page.getByRole('textbox', { name: 'Opening words' }).fill('Alice was ');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    const written = page.getByRole('textbox', { name: /^Written text/ });
    await expect
      .poll(async () => (await written.textContent())?.length, { timeout: 30_000 })
      .toBeGreaterThan(200);
    expect((await written.textContent())?.startsWith('Alice was ')).toBe(true);
  });

  test('train two more in a row, compare them, and look at every page once more', async () => {
    const { page, served } = opened;
    const { run: first, text } = await served.request('runs.get', { run: 'my alice' });
    if (first.settings === null || text === null) throw new Error('the first run has no settings or no text');
    const small = { ...first.settings, batchSize: 20, sequenceLength: 25, rnnSize: 128, numLayers: 1 };
    const settings = { ...small, learningRate: 0.004, ...length, dropout: 0 };
    const request = { text, encoding: null, backend: 'wasm', threads: 2, initializeFrom: null } as const;
    await served.request('runs.start', {
      requests: [
        { ...request, settings: { ...settings, name: 'Alice' } },
        { ...request, settings: { ...settings, name: 'Alice with dropout', dropout: 0.5 } },
      ],
    });
    const finished = async (): Promise<number> =>
      (await served.request('runs.list', null)).filter(({ state: now }) => now === 'finished').length;
    await expect.poll(finished, { timeout: 100_000, interval: 500 }).toBe(2);
    await opened.turn('light');
    const pages: readonly (readonly [name: string, place: string, shown: Locator, height?: number])[] = [
      ['home', '#/', page.getByText('Best validation loss').nth(2)],
      ['text', `#/data/${text}`, page.getByRole('heading', { name: 'How the text is split' })],
      ['setup', `#/setup/${text}`, page.getByText(/^About/).first()],
      [
        'training',
        '#/runs/Alice',
        page.getByRole('img', { name: /^Loss of Alice\..*Validation loss/ }),
        1240,
      ],
      ['checkpoints', '#/checkpoints/Alice', page.getByText('14 checkpoints')],
      [
        'compare',
        '#/compare/Alice/Alice%20with%20dropout',
        page.getByText(/differs from .* only in dropout/),
      ],
      ['settings', '#/settings', page.getByRole('heading', { name: 'Engines' })],
      ['write', '#/write/Alice', page.getByRole('button', { name: 'Write', exact: true, disabled: false })],
    ];
    for (const [name, place, shown, height] of pages) {
      await opened.go(place);
      await shown.waitFor();
      if (name === 'write') await writeSome();
      await opened.picture(name, height);
    }
  }, 180_000);

  async function writeSome(): Promise<void> {
    const { page } = opened;
    await page.getByRole('checkbox', { name: /^Tint/ }).check();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText(/^Done: /).waitFor();
  }
});
