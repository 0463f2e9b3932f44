import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { makeRuns } from '../support/many-runs.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const count = 300;
let window: WorkbenchWindow;

/** Rows of runs that the page has drawn. */
function rows() {
  return window.page.locator('tbody tr[data-row]');
}

function row(name: string) {
  return window.page.getByRole('row', { name: new RegExp(`Select ${name}\\b`) });
}

function tagsOf(run: string): unknown {
  return (JSON.parse(readFileSync(join(window.home, 'runs', run, 'notes.json'), 'utf8')) as { tags: unknown })
    .tags;
}

async function scrollTo(end: 'top' | 'bottom'): Promise<void> {
  await window.page
    .locator('.scroller')
    .evaluate((box, top) => box.scrollTo(0, top), end === 'top' ? 0 : 1_000_000);
}

describeInChromium('several hundred runs', () => {
  beforeAll(async () => {
    window = await WorkbenchWindow.open({
      width: 1100,
      height: 800,
      prepare: (home) =>
        makeRuns(home, count, (place) => ({
          name: `weaver ${place + 1}`,
          state: place % 50 === 49 ? 'exploded' : 'finished',
        })),
    });
  }, 120_000);
  afterAll(() => window.close());

  it('report their total number, and draw the visible rows only', async () => {
    const { page } = window;
    await window.go('#/runs');
    const table = page.getByRole('table', { name: 'Runs' });
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(count + 1));
    await row('weaver 1').waitFor();
    expect(await rows().count()).toBeLessThan(60);
    await scrollTo('bottom');
    await row('weaver 300').waitFor();
    expect(await rows().last().getAttribute('aria-rowindex')).toBe(String(count + 1));
    expect(await rows().count()).toBeLessThan(60);
    expect(await row('weaver 1').count()).toBe(0);
    await scrollTo('top');
    await row('weaver 1').waitFor();
  });

  it('are reached by keyboard, and the focus stays when the page scrolls', async () => {
    const { page } = window;
    await page.getByRole('checkbox', { name: 'Select weaver 1', exact: true }).focus();
    for (let step = 0; step < 80; step++) await page.keyboard.press('Tab');
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row') ?? '');
    expect(await focused()).toBe('weaver-41');
    await scrollTo('bottom');
    await row('weaver 300').waitFor();
    expect(await focused()).toBe('weaver-41');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('weaver-42');
    await scrollTo('top');
  });

  it('are found by words and by state', async () => {
    const { page } = window;
    await page.getByRole('searchbox', { name: 'Find' }).fill('weaver 17');
    await page.getByRole('status').getByText('13 of 300').waitFor();
    await expect.poll(() => rows().count()).toBe(13);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('combobox', { name: 'State' }).selectOption({ label: 'exploded (6)' });
    await expect.poll(() => rows().count()).toBe(6);
    await window.check('many-runs');
  });

  it('are tagged together, which can be undone', async () => {
    const { page } = window;
    await page.getByRole('checkbox', { name: 'Select all 6 runs of the list' }).check();
    await page.getByRole('button', { name: 'Tags', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 6 runs' });
    await dialog.getByRole('combobox', { name: 'Add a tag' }).fill('too fast');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Remove too fast' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => tagsOf('weaver-50')).toEqual(['too fast']);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('combobox', { name: 'Tag' }).selectOption({ label: 'too fast (6)' });
    await expect.poll(() => rows().count()).toBe(6);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => rows().count()).toBe(0);
    expect(tagsOf('weaver-50')).toEqual([]);
    await page.getByRole('button', { name: 'Show all' }).click();
    await row('weaver 1').waitFor();
  });

  it('can be selected for a comparison', async () => {
    const { page } = window;
    await window.go('#/compare');
    const list = page.getByRole('list', { name: 'Runs', exact: true });
    await list.getByRole('checkbox').first().waitFor();
    expect(await list.getByRole('listitem').count()).toBeLessThan(100);
    expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe(String(count));
    await page.getByRole('searchbox', { name: 'Find' }).fill('weaver 299');
    await list.getByRole('checkbox').check();
    await page.getByRole('searchbox', { name: 'Find' }).fill('weaver 3');
    await list.getByRole('checkbox', { name: /^weaver 3,/ }).check();
    const chosen = page.getByRole('list', { name: 'Chosen' });
    await expect.poll(() => chosen.getByRole('listitem').count()).toBe(2);
    await page.getByRole('heading', { name: 'Summary' }).waitFor();
    await chosen.getByRole('button', { name: 'Remove weaver 299' }).click();
    await page.getByText('Choose at least two runs.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await window.check('many-runs-compare');
  });

  it('can be searched in each list of runs', async () => {
    const { page } = window;
    await window.go('#/checkpoints');
    await page.getByRole('searchbox', { name: 'Find a run' }).fill('weaver 123');
    await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption({ index: 1 });
    await page.waitForURL(/#\/checkpoints\/weaver-123$/);
    await page.getByRole('heading', { name: '8 checkpoints' }).waitFor();
  });

  it('fit the screen of a phone', async () => {
    await window.page.setViewportSize({ width: 320, height: 700 });
    await window.go('#/runs');
    await row('weaver 1').waitFor();
    await window.check('many-runs-narrow');
    await window.go('#/compare');
    await window.check('many-runs-compare-narrow');
    expect(window.complaints).toEqual([]);
  });
});
