import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { formatEpoch, formatLoss } from '../../src/shared/format/numbers.ts';
import type { RunState } from '../../src/shared/domain/run-state.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { describeInChromium } from '../support/chromium.ts';
import { oftenMeasured } from '../support/often-measured.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

let window: WorkbenchWindow;
/** A bundled book. */
let text: string;

async function start(...requests: readonly Partial<RunSettings>[]): Promise<readonly Run[]> {
  return window.served.request('runs.start', {
    requests: requests.map((changes) => ({
      text,
      encoding: null,
      settings: { ...defaultRunSettings, ...oftenMeasured, ...changes },
      backend: 'wasm',
      threads: 1,
      initializeFrom: null,
    })),
  });
}

function until(run: string, state: RunState): Promise<Run> {
  return vi.waitFor(
    async () => {
      const runs = await window.served.request('runs.list', null);
      const found = runs.find(({ id, state: now }) => id === run && now === state);
      if (found === undefined) throw new Error(`${run} is not ${state}: ${JSON.stringify(runs)}`);
      return found;
    },
    { timeout: 60_000, interval: 200 },
  );
}

function runFolder(run: string): string {
  return join(window.home, 'runs', run);
}

function badge(state: string) {
  return window.page.locator('main .facts .badge', { hasText: new RegExp(`^${state}$`) });
}

/** The words of what has the keyboard. */
function focused(): Promise<string> {
  return window.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}

/** What a file that the page saves holds. */
async function saved(button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    window.page.waitForEvent('download'),
    window.page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path());
}

describeInChromium('the pages of training, runs and comparison', () => {
  beforeAll(async () => {
    window = await WorkbenchWindow.open({ width: 900, height: 700 });
    const texts = await window.served.request('texts.list', null);
    text = texts.find(({ source }) => source === 'sample')?.id ?? '';
    await start(
      { name: 'plain', maxIterations: 120 },
      { name: 'dropout', dropout: 0.3, maxIterations: 120 },
      { name: 'too fast', learningRate: 10, maxIterations: 120 },
    );
    await until('plain', 'finished');
    await until('dropout', 'finished');
    await until('too fast', 'exploded');
  });

  afterAll(async () => {
    await window.close();
  });

  it('lists the runs, finds them, and compares selected ones', async () => {
    const { page } = window;
    await window.go('#/runs');
    await page.getByRole('link', { name: 'too fast' }).waitFor();
    await window.check('runs');
    await page.getByRole('searchbox').fill('DROP');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('checkbox', { name: 'Select plain' }).check();
    await page.getByRole('checkbox', { name: 'Select dropout' }).check();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('differs from').waitFor();
    expect(page.url()).toContain('#/compare/');
  });

  it('says what differs and which is better, and lets both write from the same opening words', async () => {
    const { page } = window;
    const differences = page.getByRole('region', { name: 'Differences' });
    expect(await differences.getByRole('row', { name: /^Dropout/ }).innerText()).toContain('0.3');
    expect(await differences.getByRole('row', { name: /^Layer size/ }).count()).toBe(0);
    const best = await Promise.all(
      ['plain', 'dropout'].map(async (run) => (await window.served.request('runs.get', { run })).run.best),
    );
    const lowest = Math.min(...best.map((checkpoint) => checkpoint?.validationLoss ?? Infinity));
    // Neither is called better where the difference may be chance: then the sentence says so.
    const row = differences.getByRole('row', { name: /^Best validation loss/ });
    const called = await row.locator('td').filter({ hasText: 'better' }).allInnerTexts();
    if (called.length === 0)
      await page
        .getByText(/within chance/)
        .first()
        .waitFor();
    else expect(called.join()).toContain(formatLoss(lowest));
    await page.getByRole('textbox', { name: 'Opening words' }).fill('The ');
    await page.getByRole('button', { name: 'Write side by side' }).click();
    const columns = page.getByRole('region', { name: /^New text of (plain|dropout)$/ });
    await expect.poll(() => page.getByText('400 symbols').count(), { timeout: 30_000 }).toBe(2);
    const [first = '', second = ''] = await columns.allInnerTexts();
    expect(first.startsWith('The ')).toBe(true);
    expect(second.startsWith('The ')).toBe(true);
    expect(first).not.toBe(second);
    await window.check('compare');
    // Another checkpoint than the best, for one of the two.
    const checkpoints = await window.served.request('checkpoints.list', { run: 'plain' });
    const other = checkpoints.find((checkpoint) => !checkpoint.best);
    const choice = page.getByRole('combobox', { name: 'plain: checkpoint' });
    await choice.selectOption(other?.file ?? '');
    await page.getByRole('button', { name: 'Write side by side' }).click();
    const author = `Written by plain (epoch ${formatEpoch(other?.epoch ?? 0)}, validation loss ${formatLoss(other?.validationLoss ?? 0)}).`;
    await page.getByText(author, { exact: true }).waitFor();
    await expect.poll(() => page.getByText('400 symbols').count(), { timeout: 30_000 }).toBe(2);
    const [changed = '', same = ''] = await columns.allInnerTexts();
    expect(changed).not.toBe(first);
    expect(same).toBe(second);
  });

  it('saves a comparison as numbers and as a picture', async () => {
    const csv = (await saved('Save numbers (CSV)')).toString('utf8');
    const lines = csv
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split('\r\n');
    // Measured at 30, 60, 90 and 120 in either run.
    expect(lines).toHaveLength(1 + 2 * 4);
    expect(lines[1]).toMatch(/^(plain|dropout),30,/);
    const picture = await saved('Save picture');
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
  });

  it('shows a run that trains, pauses and continues, and loses nothing in a reload', async () => {
    const { page } = window;
    await start({ name: 'long', maxEpochs: 100_000 });
    await until('long', 'running');
    await window.go('#/runs/long');
    await page.getByRole('heading', { name: 'Samples over the course of training' }).waitFor();
    await page.getByRole('img', { name: /^Loss of long\..*Validation loss \d/ }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Save a checkpoint now' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).focus();
    await page.keyboard.press('Enter');
    await badge('paused').waitFor();
    // By keyboard alone: the same place resumes.
    await expect.poll(focused).toBe('Continue');
    await page.reload();
    await badge('paused').waitFor();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByLabel('Rows').selectOption({ index: 1 });
    const shown = await page.locator('table').first().locator('tbody tr').allInnerTexts();
    const logged = readFileSync(join(runFolder('long'), 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; i: number; loss: number })
      .filter(({ event }) => event === 'step');
    const lastPage = logged.slice(Math.floor((logged.length - 1) / 20) * 20);
    expect(shown.map((row) => row.split('\t').slice(0, 3).join(' ').trim())).toEqual(
      lastPage.map(({ i, loss }) =>
        expect.stringMatching(new RegExp(`^${i.toLocaleString('en-US')} .* ${formatLoss(loss)}$`)),
      ),
    );
    await window.check('training');
    await page.getByRole('button', { name: 'Continue' }).click();
    await badge('training').waitFor();
  });

  it('names a run, stops and saves it, and resumes it', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Rename or add a note' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('a long one');
    await page.getByRole('textbox', { name: 'Note' }).fill('What a night.');
    // The run continues meanwhile; typed text stays.
    const begun = (await window.served.request('runs.get', { run: 'long' })).run.iteration;
    await expect
      .poll(async () => (await window.served.request('runs.get', { run: 'long' })).run.iteration)
      .toBeGreaterThan(begun + 20);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'a long one' }).waitFor();
    await page.getByRole('button', { name: 'Stop and save' }).focus();
    await page.keyboard.press('Enter');
    await badge('stopped').waitFor();
    await expect.poll(focused).toBe('Resume');
    const { iteration } = await until('long', 'stopped');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await badge('training').waitFor();
    await expect
      .poll(async () => (await window.served.request('runs.get', { run: 'long' })).run.iteration, {
        timeout: 30_000,
      })
      .toBeGreaterThan(iteration);
  });

  it('keeps the queue in order; a run keeps its address when it starts', async () => {
    const { page } = window;
    const [, second] = await start({ name: 'next', maxIterations: 30 }, { name: 'after', maxIterations: 30 });
    await window.go('#/runs');
    const items = page.locator('ol li a');
    await expect.poll(() => items.allInnerTexts()).toEqual(['next', 'after']);
    await page.getByRole('button', { name: 'Sooner after' }).click();
    await expect.poll(() => items.allInnerTexts()).toEqual(['after', 'next']);
    await page.getByRole('button', { name: 'Remove from queue next' }).click();
    await expect.poll(() => items.allInnerTexts()).toEqual(['after']);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => items.allInnerTexts()).toEqual(['after', 'next']);
    await page.getByRole('button', { name: 'Remove from queue next' }).click();
    await expect.poll(() => items.allInnerTexts()).toEqual(['after']);
    await window.go(`#/runs/${second?.id ?? ''}`);
    await page.getByText('This run is in the queue').waitFor();
    const address = page.url();
    expect(address).toMatch(/#\/runs\/after$/);
    await window.served.request('runs.stop', { run: 'long' });
    await badge('finished').waitFor();
    expect(page.url()).toBe(address);
  });

  it('shows the history of a run that waits to be trained longer', async () => {
    const { page } = window;
    await window.served.request('runs.resume', { run: 'long', changes: {}, text: null });
    await window.served.request('runs.resume', { run: 'plain', changes: { maxIterations: 240 }, text: null });
    await window.go('#/runs/plain');
    await badge('waiting').waitFor();
    await page.getByText('starts automatically after “a long one”. Keep').waitFor();
    await page.getByRole('img', { name: /^Loss of plain\./ }).waitFor();
    await page.getByText('What the model wrote at every checkpoint').waitFor();
    await page.getByRole('table').getByText('best', { exact: true }).waitFor();
    await window.served.request('runs.unqueue', { run: 'plain' });
    await window.served.request('runs.stop', { run: 'long' });
    await until('long', 'stopped');
  });

  it('says what happened to a run that exploded, and what to do', async () => {
    const { page } = window;
    await window.go('#/runs/too%20fast');
    await page.getByRole('alert').getByText('a learning rate that is too high').waitFor();
    await window.check('exploded');
    await page
      .getByRole('alert')
      .locator('..')
      .getByRole('button', { name: 'Try with half the learning rate' })
      .first()
      .click();
    // Run setup has taken the run's settings over, and the proposal with them.
    await page.waitForURL(/#\/setup\/[^/]+$/);
    const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true });
    await page.getByText('All settings', { exact: true }).click();
    await expect.poll(() => rate.inputValue()).toBe('5');
  });

  it('moves runs to the trash and restores them', async () => {
    const { page } = window;
    await window.go('#/runs');
    await page.getByRole('checkbox', { name: 'Select plain' }).check();
    await page.getByRole('button', { name: 'Move to trash' }).click();
    await page.getByText('1 run moved to trash').waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'plain' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('link', { name: 'plain' }).waitFor();
  });

  it('gives a fix for a damaged and for a missing run', async () => {
    const { page } = window;
    cpSync(runFolder('dropout'), runFolder('broken'), { recursive: true });
    writeFileSync(join(runFolder('broken'), 'run.json'), '{"formatVersion":');
    await window.go('#/runs/broken');
    await page.getByRole('alert').getByText('checkpoints may still be intact').waitFor();
    await window.go('#/runs/never');
    await page.getByRole('link', { name: 'All runs' }).waitFor();
  });

  it('logs no errors', () => {
    expect(window.complaints).toEqual([]);
  });
});
