import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { plainModel } from '../../src/shared/domain/model-spec.ts';
import { parameterCount } from '../../src/shared/domain/model-tensors.ts';
import { planChunks } from '../../src/shared/planning/plan.ts';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { hasChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describe.skipIf(!hasChromium)('the page that prepares a run', () => {
  let opened: WorkbenchWindow;
  let book: string;
  let id: string;
  beforeAll(async () => {
    // The bundled book itself would be recognised.
    book = `${readFileSync(await sampleText('alice', temporaryFolder('book')), 'utf8')}\n`;
    opened = await WorkbenchWindow.open({ width: 900, height: 700 });
    id = (await opened.served.upload('alice.txt', book)).id;
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  const characters = (): number => Array.from(book).length;
  const field = (name: string) => opened.page.getByRole('textbox', { name, exact: true });
  const showAll = () => opened.page.getByText('All settings', { exact: true }).click();

  test('reads the text, proposes a good model and measures what it takes', async () => {
    const { page } = opened;
    await opened.go(`#/setup/${id}`);
    await page.getByText(`${characters().toLocaleString('en-US')} characters`).waitFor();
    expect(await page.getByRole('radio', { name: 'A good model' }).isChecked()).toBe(true);
    await page.getByText(/characters a second/).waitFor();
    await page
      .getByText(/^About \d+/)
      .first()
      .waitFor();
    await opened.check('setup-simple');
  });

  test('applies another preset, and undoes it', async () => {
    const { page } = opened;
    await page.getByRole('radio', { name: 'A quick look' }).check();
    expect(await page.getByRole('radio', { name: 'A quick look' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.getByRole('radio', { name: 'A good model' }).isChecked()).toBe(true);
  });

  test('counts parameters and chunks as the settings are typed', async () => {
    const { page } = opened;
    await showAll();
    await field('Layer size').fill('64');
    await page.keyboard.press('Tab');
    const vocabularySize = new Set(Array.from(book)).size;
    const size = { rnnSize: 64, numLayers: 2, vocabularySize };
    const spec = { ...plainModel, model: 'lstm', layerNorm: true, ...size } as const;
    await page.getByText(`Upper bar: ${parameterCount(spec).toLocaleString('en-US')}`).waitFor();
    await field('Sequence length').fill('25');
    await field('Batch size').fill('20');
    await page.keyboard.press('Enter');
    const shape = { batchSize: 20, sequenceLength: 25, characters: characters() };
    const trainFraction = Number(await field('Training share').inputValue()) / 100;
    const validationFraction = Number(await field('Validation share').inputValue()) / 100;
    const plan = planChunks({ ...defaultRunSettings, ...shape, trainFraction, validationFraction });
    await page.getByText(`${plan.iterationsPerEpoch} iterations an epoch`).waitFor();
  });

  test('offers the recipes, says which settings have no effect in each, and hides rarely changed ones', async () => {
    const { page } = opened;
    const modern = page.getByRole('radio', { name: /^Modern/ });
    const old = page.getByRole('radio', { name: /^char-rnn’s/ });
    expect(await modern.isChecked()).toBe(true);
    await page
      .getByText('Layer-normalised, residual connections, averaged weights, learning rate falls to zero', {
        exact: false,
      })
      .waitFor();
    const layerNorm = page.getByRole('checkbox', { name: 'Layer normalisation', exact: true });
    expect(await layerNorm.isChecked()).toBe(true);
    expect(await field('Learning rate decay').isVisible()).toBe(false);
    await page.locator('summary').filter({ hasText: 'Learning rate decay' }).click();
    expect(await field('Learning rate decay').isDisabled()).toBe(true);
    await page.getByText('Only the schedule by epochs uses it.').first().waitFor();
    await old.check();
    expect(await layerNorm.isChecked()).toBe(false);
    expect(await field('Learning rate').inputValue()).toBe('0.002');
    expect(await field('Learning rate decay').isDisabled()).toBe(false);
    expect(await field('Warm-up').isDisabled()).toBe(true);
    // The size that was typed is no part of a recipe.
    expect(await field('Layer size').inputValue()).toBe('64');
    await layerNorm.check();
    await page.getByText('Your own: as “char-rnn’s”, but for layer normalisation.').waitFor();
    await opened.check('setup-recipe');
    await layerNorm.uncheck();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => modern.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Reset all to char-rnn’s defaults' }).click();
    expect(await old.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await modern.isChecked()).toBe(true);
  });

  test('says why a run cannot start, fixes it, and undoes the fix', async () => {
    const { page } = opened;
    const start = page.getByRole('button', { name: 'Start training' });
    await field('Batch size').fill('60000');
    await page.keyboard.press('Enter');
    await expect.poll(() => start.isDisabled()).toBe(true);
    await page.getByText(/^Not yet: The text has/).waitFor();
    await page.getByRole('button', { name: 'Fix it' }).first().click();
    await expect.poll(() => start.isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => field('Batch size').inputValue()).toBe('60000');
    await field('Batch size').fill('20');
    await field('Name').fill('/etc');
    await page.getByText(/^Not yet: Name must start with/).waitFor();
    await field('Name').fill('alice');
    await expect.poll(() => start.isEnabled()).toBe(true);
  });

  test('saves settings as a preset, and applies it', async () => {
    const { page } = opened;
    await field('Name of a new preset').fill('tiny');
    await page.getByRole('button', { name: 'Save these settings' }).click();
    await field('Layer size').fill('200');
    await page.getByRole('button', { name: 'Use tiny' }).click();
    await expect.poll(() => field('Layer size').inputValue()).toBe('64');
    await expect
      .poll(async () => (await opened.served.request('settings.get', null)).presets.map(({ name }) => name))
      .toEqual(['tiny']);
    await opened.check('setup-full');
    await page.getByRole('button', { name: 'Delete tiny' }).click();
    await expect.poll(async () => (await opened.served.request('settings.get', null)).presets).toEqual([]);
  });

  test('starts every combination of two settings, and the next one waits', async () => {
    const { page, served } = opened;
    await field('Layer size').fill('16');
    await field('Maximum iterations').fill('1000000');
    await field('Epochs').fill('1000');
    await page.getByRole('combobox', { name: 'Setting to vary', exact: true }).selectOption('dropout');
    await field('Values of dropout').fill('0, 1.5');
    await page.getByText('1.5: Dropout must be').first().waitFor();
    await field('Values of dropout').fill('0, 0.5');
    await page.getByText('alice-002: Dropout 0.5').waitFor();
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.waitForURL(/#\/sweeps\/alice\.sweep$/);
    await page.getByRole('row', { name: /alice-002.*0\.5/ }).waitFor();
    await expect
      .poll(async () => (await served.request('runs.list', null)).map(({ name }) => name).toSorted())
      .toEqual(['alice-001', 'alice-002']);
    await expect
      .poll(async () => (await served.request('runs.list', null)).map(({ state }) => state).toSorted(), {
        timeout: 20_000,
      })
      .toEqual(['running', 'waiting']);
  });

  test('measures nothing while a run trains, and adds to the queue', async () => {
    const { page } = opened;
    await opened.go(`#/setup/${id}`);
    await page.getByText('Not measured: a run is training').waitFor();
    // What was set up before is still there.
    expect(await field('Layer size').inputValue()).toBe('16');
    await page.getByRole('combobox', { name: 'Setting to vary', exact: true }).selectOption('');
    await page.getByRole('button', { name: 'Add to the queue' }).waitFor();
  });

  test('keeps forecast and start in reach, however long the page is', async () => {
    const { page, served } = opened;
    for (const { id: run, state } of await served.request('runs.list', null)) {
      if (state === 'waiting') await served.request('runs.unqueue', { run });
      else await served.request('runs.stop', { run });
    }
    const states = async () => (await served.request('runs.list', null)).map(({ state }) => state);
    await expect.poll(states, { timeout: 20_000 }).toEqual(['stopped']);
    await page
      .getByText(/^About \d/)
      .first()
      .waitFor();
    const bar = page.getByRole('region', { name: 'Start', exact: true });
    for (const place of [0, 0.5, 1]) {
      await opened.scrollTo(place);
      const box = await bar.boundingBox();
      expect((box?.y ?? 700) + (box?.height ?? 0)).toBeLessThanOrEqual(700);
      expect(await bar.textContent()).toMatch(/Start training.*About \d/s);
    }
    // Everything reached by keyboard is above it.
    await opened.scrollTo(0);
    await field('Layers').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const covered = await field('Layers').boundingBox();
    expect((covered?.y ?? 700) + (covered?.height ?? 0)).toBeLessThanOrEqual(
      (await bar.boundingBox())?.y ?? 0,
    );
  });

  test('starts from any checkpoint of a run with its model, and can leave it again', async () => {
    const { page, served } = opened;
    const [old] = await served.request('runs.list', null);
    await opened.go(`#/setup/${id}/${encodeURIComponent(old?.id ?? '')}`);
    await page.getByText('These are the settings of').waitFor();
    await expect.poll(() => field('Name').inputValue()).toBe('alice-001');
    await field('Layer size').fill('40');
    await page.getByRole('combobox', { name: 'The run starts from' }).selectOption({ index: 1 });
    await page.getByText(/^From alice-001/).waitFor();
    expect(await field('Layer size').isDisabled()).toBe(true);
    expect(await field('Layer size').inputValue()).toBe('16');
    await page.getByRole('button', { name: 'Start from random weights' }).click();
    await expect.poll(() => field('Layer size').inputValue()).toBe('40');
    await page.getByRole('combobox', { name: 'The run starts from' }).selectOption({ index: 1 });
    const offered = page.getByRole('combobox', { name: 'Checkpoint to start from' }).locator('option');
    const checkpoints = await served.request('checkpoints.list', { run: old?.id ?? '' });
    await expect.poll(() => offered.count()).toBe(checkpoints.length + 1);
    const losses = (await offered.allTextContents()).flatMap(
      (label) => /loss ([\d.]+)/.exec(label)?.[1] ?? [],
    );
    expect(losses).toEqual(losses.toSorted((a, b) => Number(a) - Number(b)));
    const last = await offered.last().getAttribute('value');
    await page.getByRole('combobox', { name: 'Checkpoint to start from' }).selectOption(last);
    await page.getByText(/^From alice-001/).waitFor();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForURL(/#\/runs\/.+/);
    const begun = async () =>
      (await served.request('runs.list', null)).flatMap(({ initializedFrom }) => initializedFrom ?? []);
    await expect.poll(begun, { timeout: 20_000 }).toEqual([last]);
  });

  test('says before the start which symbols of a text and a checkpoint differ', async () => {
    const { page, served } = opened;
    // As many symbols as before, one of them another.
    const other = await served.upload('other.txt', book.replaceAll('Q', 'Ω'));
    await opened.go(`#/setup/${other.id}`);
    await page.getByText(`${characters().toLocaleString('en-US')} characters`).waitFor();
    await page.getByRole('combobox', { name: 'The run starts from' }).selectOption({ index: 1 });
    await page.getByText('the checkpoint does not know “Ω”; the text does not contain “Q”').first().waitFor();
    expect(await page.getByRole('button', { name: /^(Start training|Add to the queue)$/ }).isDisabled()).toBe(
      true,
    );
    await opened.check('setup-mismatch');
    await page.getByRole('combobox', { name: 'Symbols' }).selectOption({ label: 'Bytes, as in char-rnn' });
    await page.getByRole('button', { name: 'Read the text as characters' }).click();
    await page.getByText('the checkpoint does not know “Ω”').first().waitFor();
    await page.getByRole('button', { name: 'Start from random weights' }).click();
    await expect.poll(() => page.getByText('the checkpoint does not know').count()).toBe(0);
  });

  test('says that the text is missing', async () => {
    await opened.go('#/setup/nothing-of-the-kind');
    await opened.page.getByText('no longer in the list').waitFor();
    await opened.page.getByRole('link', { name: 'Choose a text' }).waitFor();
  });
});
