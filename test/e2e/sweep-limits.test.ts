import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { story } from '../support/workbench-runs.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

let window: WorkbenchWindow;
let text: string;

const field = (name: string) => window.page.getByRole('textbox', { name, exact: true });

describeInChromium('a sweep whose runs may stop early', () => {
  beforeAll(async () => {
    window = await WorkbenchWindow.open({ width: 1280, height: 900 });
    text = (await window.served.upload('weaver.txt', story)).id;
  }, 120_000);
  afterAll(async () => {
    await window.close();
    expect(window.complaints).toEqual([]);
  });

  it('is set up with a box that is off at first, and says what it needs', async () => {
    const { page } = window;
    await window.go(`#/setup/${text}`);
    await page.getByText('All settings', { exact: true }).click();
    await page.getByRole('radio', { name: /^char-rnn’s/ }).check();
    const sizes = { 'Layer size': '16', Layers: '1', 'Batch size': '8', 'Sequence length': '25' };
    const lengths = { Epochs: '30', 'Evaluate every': '40', Name: 'reeds' };
    for (const [name, value] of Object.entries({ ...sizes, ...lengths })) {
      await field(name).fill(value);
      await page.keyboard.press('Tab');
    }
    const box = page.getByRole('checkbox', { name: 'Stop runs early that fall behind' });
    expect(await box.count()).toBe(0);
    await page
      .getByRole('combobox', { name: 'Setting to vary', exact: true })
      .selectOption({ label: 'Learning rate' });
    await field('Values of learning rate').fill('0.002, 0.004');
    expect(await box.isChecked()).toBe(false);
    await box.check();
    await page.getByText('this needs at least three runs, and the sweep has 2 runs').waitFor();
    await field('Values of learning rate').fill('0.002, 0.004, 0.0000001, 0.01');
    await expect.poll(() => page.getByText('this needs at least three runs').count()).toBe(0);
    await field('Limit in hours').fill('none');
    await page.getByText('Not yet: Hours: a number above 0').waitFor();
    await field('Limit in hours').fill('2,5');
    await window.check('sweep-limits');
    await page.setViewportSize({ width: 390, height: 800 });
    await window.check('sweep-limits-narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
  }, 120_000);

  it('shows which run was stopped early and why, on both pages', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Start 4 runs' }).click();
    await page.waitForURL(/#\/sweeps\/reeds\.sweep$/);
    await page.getByText('Runs that fall behind the others stop early.').waitFor();
    const row = page.getByRole('row', { name: /reeds-003/ });
    await row.getByText('stopped early', { exact: true }).waitFor({ timeout: 120_000 });
    await row.getByText(/^After \d+ % of its iterations its validation loss was/).waitFor();
    await page.getByText('3 of 4 runs have finished').waitFor({ timeout: 120_000 });
    await page.getByText(/of 2\.5 hours used/).waitFor();
    await window.check('sweep-stopped-early');
    await row.getByRole('link', { name: 'reeds-003' }).click();
    const reason = page.locator('main .notice', {
      hasText: /Its sweep stopped this run early\. After \d+ %/,
    });
    await reason.waitFor();
    await window.check('run-stopped-early');
  }, 300_000);

  it('resumes it to its end', async () => {
    const { page } = window;
    await window.go('#/sweeps/reeds.sweep');
    await page.getByRole('button', { name: 'Resume 1 stopped early' }).click();
    await page.getByText('4 of 4 runs have finished').waitFor({ timeout: 120_000 });
  }, 180_000);
});
