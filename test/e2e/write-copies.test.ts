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

describeInChromium('copied passages of a written text', () => {
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
    await page.getByText(/\d+ % of it occurs word for word in the training text/).waitFor();
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

  test.each(['dark', 'light'] as const)('are distinguishable in forced %s colours', async (colorScheme) => {
    const { page } = opened;
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    const output = page.getByRole('textbox', { name: 'Written text' });
    const picture = await output.screenshot({ animations: 'disabled' });
    const share = async (colour: string): Promise<number> => sharePainted(picture, await shadeOf(colour));
    expect(await share('Mark')).toBeGreaterThan(0.01);
    // The paper around the marks does not look like them.
    expect(await share('Canvas')).toBeGreaterThan(0.1);
    await page.emulateMedia({ forcedColors: null, colorScheme: null });
  });

  /** A colour of the system as the page computes it, `rgb(…)`. */
  function shadeOf(name: string): Promise<string> {
    return opened.page.evaluate((colour) => {
      const probe = document.createElement('span');
      probe.style.cssText = `forced-color-adjust: none; background: ${colour}`;
      document.body.append(probe);
      const { backgroundColor } = getComputedStyle(probe);
      probe.remove();
      return backgroundColor;
    }, name);
  }

  /** The share of a picture's points that have a colour, `rgb(…)`; Chromium itself reads the picture. */
  function sharePainted(picture: Buffer, colour: string): Promise<number> {
    return opened.page.evaluate(
      async ([base64, wanted]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const brush = canvas.getContext('2d');
        brush?.drawImage(image, 0, 0);
        const { data } = brush?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})` === wanted) count++;
        }
        return count / (image.width * image.height);
      },
      [picture.toString('base64'), colour] as const,
    );
  }

  test('stays marked while the text is tinted, and is cleared when the text continues', async () => {
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
    await page.getByText(/occurs word for word/).waitFor({ state: 'detached' });
    expect(await marks()).toBe('');
  });

  test('says which text is missing, and offers to close', async () => {
    const { page } = opened;
    const text = join(opened.home, 'rhyme.txt');
    expect(readFileSync(text, 'utf8')).toBe(rhyme.repeat(60));
    writeText(opened.home, 'rhyme.txt', 'something else');
    await page.getByRole('button', { name: 'Is it copied?' }).click();
    const alert = page
      .getByRole('alert')
      .filter({ hasText: 'This model’s training text is not in the list.' });
    await alert.waitFor();
    expect(await alert.textContent()).toContain('recognises it by its content');
    await alert.getByRole('button', { name: 'Close' }).click();
    await alert.waitFor({ state: 'detached' });
  });
});
