import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SweepSpace } from '../../src/shared/domain/sweep-space.ts';
import { describeInChromium } from '../support/chromium.ts';
import { quick, story } from '../support/workbench-runs.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

let window: WorkbenchWindow;
let text: string;

const rates: SweepSpace['axes'][number] = {
  kind: 'values',
  key: 'learningRate',
  values: [0.0001, 0.002, 0.02],
};
const sizes: SweepSpace['axes'][number] = { kind: 'values', key: 'rnnSize', values: [8, 16, 24] };

async function start(name: string, axes: SweepSpace['axes'], settings: object = {}): Promise<string> {
  const run = {
    text,
    encoding: null,
    settings: { ...quick, maxEpochs: 1, ...settings, name },
    backend: 'wasm' as const,
    threads: 1,
    initializeFrom: null,
  };
  const space = { method: 'grid' as const, axes, seeds: 1, runs: 100, drawSeed: 1 };
  return (await window.served.request('sweeps.start', { run, space, earlyStopping: null, hours: null })).id;
}

function table() {
  return window.page.getByRole('table', { name: 'Runs of the sweep' });
}

function rows() {
  return table().locator('tbody tr[data-row]');
}

/** Names of the runs in the table, from the top. */
function names(): Promise<readonly string[]> {
  return rows().getByRole('rowheader').allInnerTexts();
}

describeInChromium('the page of a sweep', () => {
  beforeAll(async () => {
    window = await WorkbenchWindow.open({ width: 1280, height: 900 });
    text = (await window.served.upload('weaver.txt', story)).id;
  }, 120_000);
  afterAll(async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
  });

  it('says how to make the first one', async () => {
    await window.go('#/sweeps');
    await window.page.getByText('No sweep yet.').waitFor();
    await window.check('sweeps-none');
  });

  it('is found in the list, and follows its runs to their end', async () => {
    const { page } = window;
    await start('weave', [rates, sizes]);
    await window.go('#/');
    await page.getByRole('link', { name: 'Sweeps', exact: true }).click();
    await page.getByRole('row', { name: /^weave 9 / }).waitFor();
    await page.getByRole('link', { name: 'weave', exact: true }).click();
    await page.getByRole('heading', { name: 'weave', level: 1 }).waitFor();
    await page.getByText('9 of 9 runs have finished').waitFor({ timeout: 150_000 });
    const states = page.getByRole('list', { name: 'Runs by state' });
    expect((await states.innerText()).replace(/\s+/g, ' ')).toMatch(/^finished 9 .+ of computing$/);
  }, 180_000);

  it('lists the best first, sorts by any setting, and names what is within chance of the best', async () => {
    const { page } = window;
    const listed = await window.served.request('runs.list', null);
    const byLoss = listed.toSorted(
      (a, b) => (a.best?.validationLoss ?? Infinity) - (b.best?.validationLoss ?? Infinity),
    );
    expect(await names()).toEqual(byLoss.map(({ id }) => id));
    const best = page.locator('section', { has: page.getByRole('heading', { name: 'Best so far' }) });
    await best.getByRole('link', { name: byLoss[0]?.id ?? '' }).waitFor();
    await table().getByRole('button', { name: 'Layer size' }).click();
    expect((await names()).slice(0, 3).toSorted()).toEqual(['weave-001', 'weave-004', 'weave-007']);
    await window.check('sweep');
  });

  it('filters runs by an axis, by keyboard and by pointer', async () => {
    const { page } = window;
    const lower = page.getByRole('slider', { name: 'Learning rate, at least' });
    await lower.focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('PageUp');
    expect(await lower.getAttribute('aria-valuetext')).toBeTruthy();
    await expect.poll(() => rows().count()).toBe(6);
    await page.keyboard.press('End');
    await expect.poll(() => rows().count()).toBe(3);
    expect((await names()).toSorted()).toEqual(['weave-007', 'weave-008', 'weave-009']);
    await page.keyboard.press('Escape');
    await expect.poll(() => rows().count()).toBe(9);

    const upper = await page.getByRole('slider', { name: 'Layer size, at most' }).boundingBox();
    const bottom = await page.getByRole('slider', { name: 'Layer size, at least' }).boundingBox();
    if (upper === null || bottom === null) throw new Error('the axis is not in sight');
    const x = bottom.x + bottom.width / 2;
    await page.mouse.move(x, bottom.y - 3);
    await page.mouse.down();
    await page.mouse.move(x, bottom.y - (bottom.y - upper.y) * 0.3, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => rows().count()).toBe(3);
    expect((await names()).toSorted()).toEqual(['weave-001', 'weave-004', 'weave-007']);
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await expect.poll(() => rows().count()).toBe(9);
  });

  it('says which settings matter, without overstating it', async () => {
    const { page } = window;
    const matter = page.getByRole('table', { name: /of 9 finished runs/ });
    expect(await matter.getByRole('row').nth(1).innerText()).toMatch(/^Learning rate/);
    await page.getByText('Read both with care').waitFor();
    await page.getByRole('img', { name: /Validation loss against learning rate, 9 runs; rank/ }).waitFor();
  });

  it('shows the command that copies its runs', async () => {
    const line = await window.page.getByText(/^rsync -a/).innerText();
    expect(line).toContain('/runs/weave.sweep');
    expect(line).toContain('/runs/weave-???');
  });

  it('fits a phone', async () => {
    await window.page.setViewportSize({ width: 320, height: 700 });
    await window.check('sweep-narrow');
    await window.page.setViewportSize({ width: 1280, height: 900 });
    await window.picture('sweep', 1450);
  });

  it('opens the selected runs in Compare', async () => {
    const { page } = window;
    const compare = table().page().getByRole('button', { name: 'Compare', exact: true });
    expect(await compare.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Compare weave-005' }).check();
    await page.getByRole('checkbox', { name: 'Compare weave-008' }).check();
    await compare.click();
    await page.waitForURL(/#\/compare\/weave-005\/weave-008$/);
    await page.getByRole('heading', { name: 'Summary' }).waitFor();
  });

  it('is cancelled, and resumed where it was', async () => {
    const { page } = window;
    const sweep = await start('endless', [sizes], { maxEpochs: 1000 });
    await window.go(`#/sweeps/${sweep}`);
    const first = page.getByRole('row', { name: /endless-001/ });
    await first.getByText('training', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel 3 runs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 3 runs?' });
    await dialog.getByRole('button', { name: 'Cancel 3 runs' }).click();
    const resume = page.getByRole('button', { name: 'Resume 3 cancelled' });
    await resume.waitFor({ timeout: 60_000 });
    expect(await rows().filter({ hasText: 'cancelled' }).count()).toBe(3);
    await resume.click();
    await first.getByText('training', { exact: true }).waitFor({ timeout: 60_000 });
    await window.served.request('sweeps.cancel', { sweep, tasks: [1, 2, 3] });
    await resume.waitFor({ timeout: 60_000 });
  }, 180_000);
});
