import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleText } from '../../src/host/samples/sample-text.ts';
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
    book = readFileSync(await sampleText('alice', temporaryFolder('book')), 'utf8');
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

  test('lays another preset over the settings, and takes it back', async () => {
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
    const vocabularySize = new Set(Array.from(book)).size;
    const spec = { model: 'lstm', rnnSize: 64, numLayers: 2, dropout: 0, vocabularySize } as const;
    await page.getByText(`Upper bar: ${parameterCount(spec).toLocaleString('en-US')}`).waitFor();
    await field('Sequence length').fill('25');
    await field('Batch size').fill('20');
    const shape = { batchSize: 20, sequenceLength: 25, characters: characters() };
    const trainFraction = Number(await field('Training fraction').inputValue());
    const validationFraction = Number(await field('Validation fraction').inputValue());
    const plan = planChunks({ ...defaultRunSettings, ...shape, trainFraction, validationFraction });
    await page.getByText(`${plan.iterationsPerEpoch} iterations an epoch`).waitFor();
  });

  test('says why a run cannot start, fixes it, and takes the fix back', async () => {
    const { page } = opened;
    const start = page.getByRole('button', { name: 'Start training' });
    await field('Batch size').fill('60000');
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

  test("keeps settings as a preset of one's own, and lays it over others", async () => {
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
    await field('Iterations at most').fill('1000000');
    await field('Epochs').fill('1000');
    await page.getByRole('combobox', { name: 'Setting to vary', exact: true }).selectOption('dropout');
    await field('Values of dropout').fill('0, 1.5');
    await page.getByText('1.5: Dropout must be').first().waitFor();
    await field('Values of dropout').fill('0, 0.5');
    await page.getByText('alice dropout 0.5').waitFor();
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.waitForURL(/#\/runs$/);
    await expect
      .poll(async () => (await served.request('runs.list', null)).map(({ name }) => name).toSorted())
      .toEqual(['alice dropout 0', 'alice dropout 0.5']);
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

  test('takes the settings of an old run and begins from its best checkpoint', async () => {
    const { page, served } = opened;
    const running = (await served.request('runs.list', null)).find(({ state }) => state === 'running');
    const waiting = (await served.request('runs.list', null)).find(({ state }) => state === 'waiting');
    await served.request('runs.unqueue', { run: waiting?.id ?? '' });
    await served.request('runs.stop', { run: running?.id ?? '' });
    const state = async () => (await served.request('runs.list', null))[0]?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe('stopped');
    await opened.go(`#/setup/${id}/${encodeURIComponent(running?.id ?? '')}`);
    await page.getByText('These are the settings of').waitFor();
    await expect.poll(() => field('Name').inputValue()).toBe('alice dropout 0');
    await page.getByRole('combobox', { name: 'The run begins with' }).selectOption({ index: 1 });
    await page.getByText('Taken from Run: alice dropout 0').waitFor();
    expect(await field('Layer size').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForURL(/#\/runs\/.+/);
    const begun = async () =>
      (await served.request('runs.list', null)).some((run) => run.initializedFrom !== null);
    await expect.poll(begun, { timeout: 20_000 }).toBe(true);
  });

  test('says so when the text is gone', async () => {
    await opened.go('#/setup/nothing-of-the-kind');
    await opened.page.getByText('no longer among your texts').waitFor();
    await opened.page.getByRole('link', { name: 'Choose a text' }).waitFor();
  });
});
