import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { formatCount } from '../../src/shared/format/numbers.ts';
import { planChunks } from '../../src/shared/planning/plan.ts';
import { describeInChromium } from '../support/chromium.ts';
import { quickSettings, session } from '../support/sessions.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

/** Typographic characters that the book does not have: replaced by others, by more than one, and left out. */
const addition = '“Oh…” ☃ ';
let opened: WorkbenchWindow;
let book: string;
let text: string;
let id: string;
/** Different symbols of the book. */
let size: number;
let additions: number;

async function chooseModel(name: string): Promise<void> {
  const { page } = opened;
  await opened.go(`#/setup/${id}`);
  await page.getByText('All settings', { exact: true }).click();
  const picker = page.getByRole('combobox', { name: 'The run starts from' });
  const option = picker.locator('option', { hasText: new RegExp(`^\\s*${name}, `) });
  await option.waitFor({ state: 'attached' });
  await picker.selectOption(await option.getAttribute('value'));
}

async function run(name: string): Promise<Run | undefined> {
  return (await opened.served.request('runs.list', null)).find((one) => one.name === name);
}

const choice = (label: string) => opened.page.getByRole('radio', { name: label });
const keep = () => choice('Keep the checkpoint’s symbols');
const widen = () => choice('Add the text’s symbols');
const start = () => opened.page.getByRole('button', { name: /^(Start training|Add to the queue)$/ });
const field = (name: string) => opened.page.getByRole('textbox', { name, exact: true });
const row = (symbol: string) => opened.page.getByRole('row', { name: symbol });

describeInChromium('a run that starts from a checkpoint of other symbols', () => {
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 1280,
      height: 900,
      prepare: async (home) => {
        const alice = await sampleText('alice', join(home, 'samples'));
        book = readFileSync(alice, 'utf8');
        await session({
          text: alice,
          runs: join(home, 'runs'),
          settings: { ...quickSettings, name: 'alice' },
        });
      },
    });
    text = book.replaceAll('The ', `${addition}The `);
    additions = text.split(addition).length - 1;
    size = new Set(book).size;
    ({ id } = await opened.served.upload('other.txt', text));
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  it('shows lost and new symbols, with counts, before a choice is made', async () => {
    await chooseModel('alice');
    await opened.page.getByText('the checkpoint does not know ““”', { exact: false }).first().waitFor();
    await row('… (U+2026)').getByText('read as “...”').waitFor();
    await row('☃ (U+2603)').getByText('left out').waitFor();
    await row('“ (U+201C)').getByText(`${additions} times`).waitFor();
    expect(await start().isDisabled()).toBe(true);
    await opened.page.getByText(/^Not yet: .* Under “Start from”, choose/).waitFor();
  });

  it('plans with the remaining text where symbols are kept', async () => {
    await keep().check();
    const said = opened.page.getByText(`The run keeps the checkpoint’s ${size} symbols.`, { exact: false });
    await said.waitFor();
    expect(await said.textContent()).toContain(
      `at ${formatCount(3 * additions)} places unknown symbols are replaced with the nearest known ones, and ${additions} symbols are left out`,
    );
    await expect.poll(() => start().isEnabled()).toBe(true);
    const shape = { batchSize: 20, sequenceLength: 25, trainFraction: 0.5, validationFraction: 0.4 };
    for (const [name, value] of [
      ['Batch size', '20'],
      ['Sequence length', '25'],
      ['Training share', '50'],
      ['Validation share', '40'],
    ] as const) {
      await field(name).fill(value);
      await opened.page.keyboard.press('Enter');
    }
    // Every snowman is left out, and every ellipsis becomes three points.
    const plan = (characters: number) => planChunks({ ...shape, characters, maxEpochs: 1, maxIterations: 0 });
    const kept = plan(text.length + additions);
    expect(kept.dropped).not.toBe(plan(text.length).dropped);
    await opened.page.getByText(`${kept.dropped} symbols at the end are left out`).waitFor();
    await opened.check('symbols-kept');
  });

  it('says what widening adds', async () => {
    await widen().check();
    await opened.page
      .getByText(`${size} symbols and 4 new ones of the text, ${size + 4} in total.`)
      .waitFor();
    await row('… (U+2026)').getByText('a new symbol').waitFor();
  });

  it.each(['keep', 'widen'] as const)('starts, and another run starts from it: %s', async (which) => {
    const { page } = opened;
    await chooseModel('alice');
    await (which === 'keep' ? keep() : widen()).check();
    await field('Name').fill(`other ${which}`);
    await field('Maximum iterations').fill('3');
    await page.keyboard.press('Enter');
    await start().click();
    await page.waitForURL(/#\/runs\/.+/);
    const name = `other ${which}`;
    await expect.poll(async () => (await run(name))?.state, { timeout: 30_000 }).toBe('finished');
    const done = await run(name);
    const added = which === 'keep' ? 0 : 4;
    expect(done?.vocabulary).toMatchObject({ choice: which, known: size, added });
    expect(done?.spec?.vocabularySize).toBe(size + added);
    expect(done?.text.characters).toBe(text.length + (which === 'keep' ? additions : 0));
    // In its log.
    await page
      .getByText(/The run (keeps|has) the checkpoint’s/)
      .first()
      .waitFor({ state: 'attached' });
    // From there on: the text differs from its symbols once more, and the page knows what was done.
    await opened.go(`#/checkpoints/${encodeURIComponent(done?.id ?? '')}`);
    await page
      .getByRole('button', { name: /actions and note/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'New run from this checkpoint' }).click();
    await page.getByText(`From ${name}`).waitFor();
    if (which === 'keep') await expect.poll(() => keep().isChecked()).toBe(true);
    await expect.poll(() => start().isEnabled()).toBe(true);
  });
});
