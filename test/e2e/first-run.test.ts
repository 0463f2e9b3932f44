import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';
import { story } from '../support/workbench-runs.ts';

/** A new user who reads nothing and presses what is proposed: from an empty Home to a text that a model wrote. */
describeInChromium('the first run', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 1280, height: 800 });
  });
  afterAll(async () => {
    await opened?.close();
    expect(opened?.complaints).toEqual([]);
  });

  test('the tour shows every page with its sentence, and is not offered again', async () => {
    const { page, served } = opened;
    await page.getByRole('button', { name: 'Start the tour' }).click();
    const bar = page.getByRole('region', { name: 'Tour' });
    const seen: string[] = [];
    for (let step = 1; step <= 6; step++) {
      await bar.getByText(`${step} of 6:`).waitFor();
      await expect.poll(() => page.locator('main h1').textContent()).not.toBe(seen.at(-1));
      seen.push((await page.locator('main h1').textContent()) ?? '');
      if (step === 2) {
        // It has its own space, and keeps the keyboard focus.
        const [room, tour] = [await page.locator('.scroller').boundingBox(), await bar.boundingBox()];
        expect((room?.y ?? 0) + (room?.height ?? 0)).toBeLessThanOrEqual((tour?.y ?? 0) + 0.5);
        await page.keyboard.press('Enter');
      } else {
        await bar.getByRole('button', { name: step === 6 ? 'Done' : 'Next' }).click();
      }
    }
    expect(seen).toEqual([
      'Moby Dick',
      'Run setup',
      'Training',
      'Checkpoints',
      'Write',
      'Teach a model to write',
    ]);
    await expect.poll(async () => (await served.request('settings.get', null)).offerTour).toBe(false);
    await page.reload();
    await page.getByText('Train a first model').waitFor();
    expect(await page.getByRole('button', { name: 'Start the tour' }).count()).toBe(0);
    // Still there for who wants it.
    await opened.go('#/settings');
    await page.getByRole('button', { name: 'Start the tour' }).waitFor();
  });

  test('Home proposes a bundled book, and says how long a run on it takes', async () => {
    const { page } = opened;
    await opened.go('#/');
    await page.getByRole('button', { name: /^Train on this text, about \d+ (second|minute)/ }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Text' }).inputValue()).toBe('sample-moby-dick');
    await opened.check('home-new');
  });

  test('the user’s own text is proposed before the books; one click trains on it', async () => {
    const { page, served } = opened;
    const { id } = await served.upload('weaver.txt', story.repeat(3));
    await page.reload();
    await expect.poll(() => page.getByRole('combobox', { name: 'Text' }).inputValue()).toBe(id);
    await page.getByRole('button', { name: /^Train on this text/ }).click();
    await page.getByRole('heading', { level: 1, name: 'weaver' }).waitFor();
    const [run] = await served.request('runs.list', null);
    expect(run?.name).toBe('weaver');
  });

  test('Home leads from the one run to what it writes, and to a better model', async () => {
    const { page, served } = opened;
    await opened.go('#/');
    await page.getByRole('heading', { name: /“weaver” is training|What next\?/ }).waitFor();
    const state = async (): Promise<string | undefined> =>
      (await served.request('runs.list', null))[0]?.state;
    await expect.poll(state, { timeout: 120_000, interval: 500 }).toBe('finished');
    await page.getByRole('heading', { name: 'What next?' }).waitFor();
    // The card and the panel both show what it writes, in its own words.
    const samples = await served.request('runs.samples', { run: 'weaver' });
    const lines = page.getByLabel('What weaver writes');
    await expect.poll(() => lines.count()).toBe(2);
    const written = samples.map(({ text }) => text.replace(/\s+/gu, ' '));
    const shown = ((await lines.last().textContent()) ?? '').trim().replace(/…$/u, '').slice(0, 60);
    expect(shown.length).toBeGreaterThan(20);
    expect(written.some((text) => text.includes(shown))).toBe(true);
    await opened.check('home-one-run');
    await page.getByRole('button', { name: 'Train a better model' }).click();
    await page.getByRole('radio', { name: /A good model/, checked: true }).waitFor();
  }, 180_000);
});
