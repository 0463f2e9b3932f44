import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { session } from '../support/sessions.ts';
import { writeText } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const rhyme =
  'Twinkle, twinkle, little star,\nHow I wonder what you are!\nUp above the world so high,\nLike a diamond in the sky.\n\n' +
  'When the blazing sun is gone,\nWhen he nothing shines upon,\nThen you show your little light,\nTwinkle, twinkle, all the night.\n\n';

describeInChromium('what a model has copied', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 1200,
      height: 800,
      prepare: async (home) => {
        const text = writeText(home, 'rhyme.txt', rhyme.repeat(60));
        const runs = join(home, 'runs');
        mkdirSync(runs, { recursive: true });
        const shape = { batchSize: 10, sequenceLength: 25, rnnSize: 64, numLayers: 1 };
        await session({
          text,
          runs,
          settings: { ...shape, name: 'Parrot', learningRate: 0.01, maxEpochs: 8 },
        });
      },
    });
  }, 120_000);
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('is said in a sentence, marked in the text, and listed; a passage leads to its place', async () => {
    const { page } = opened;
    await opened.go('#/write');
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0.5');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Done: 2,000 symbols.').waitFor();
    await page.getByRole('button', { name: 'Is it copied?' }).click();
    await page.getByText(/\d+ % of it stands word for word in the text it learned from/).waitFor();
    const passages = page.getByRole('list', { name: /Copied passages/ }).getByRole('listitem');
    const plain = rhyme.repeat(60).replaceAll(/\s+/gu, ' ');
    const quoted = await passages.locator('q').allTextContents();
    expect(quoted.length).toBeGreaterThan(0);
    for (const words of quoted) expect(plain).toContain(words.replace(/ …$/u, ''));
    const marked = await page.evaluate(() =>
      [...(CSS.highlights.get('copied-passage') ?? [])].map((range) => range.toString()),
    );
    expect(marked.length).toBeGreaterThan(0);
    expect(Math.max(...marked.map((words) => words.length))).toBeGreaterThan(100);
    await passages.last().getByRole('button').click();
    await page.getByText(/^Symbol \d+: /).waitFor();
    const output = page.getByRole('textbox', { name: 'Written text' });
    expect(await output.evaluate((element) => element === document.activeElement)).toBe(true);
    await opened.check('write-copied');
  });

  test('stays marked while the text is tinted, and goes when it is written on', async () => {
    const { page } = opened;
    const marks = () =>
      page.evaluate(() =>
        [...(CSS.highlights.get('copied-passage') ?? [])].map((range) => range.toString()).join(''),
      );
    const before = await marks();
    await page.getByRole('checkbox', { name: /^Tint/ }).check();
    await page.locator('.tint').first().waitFor();
    await expect.poll(marks).toBe(before);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Done: 4,000 symbols.').waitFor();
    await page.getByText(/stands word for word/).waitFor({ state: 'detached' });
    expect(await marks()).toBe('');
  });

  test('says what to bring when the text is not there any more, and offers to close', async () => {
    const { page } = opened;
    const text = join(opened.home, 'rhyme.txt');
    expect(readFileSync(text, 'utf8')).toBe(rhyme.repeat(60));
    writeText(opened.home, 'rhyme.txt', 'something else');
    await page.getByRole('button', { name: 'Is it copied?' }).click();
    const alert = page
      .getByRole('alert')
      .filter({ hasText: 'The text that this model learned from is not here.' });
    await alert.waitFor();
    expect(await alert.textContent()).toContain('known again by its content');
    await alert.getByRole('button', { name: 'Close' }).click();
    await alert.waitFor({ state: 'detached' });
  });
});
