import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { recipeSettings } from '../../src/shared/domain/recipes.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { formatLoss } from '../../src/shared/format/numbers.ts';
import type { Run } from '../../src/shared/domain/run.ts';
import { describeInChromium } from '../support/chromium.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const small: Partial<RunSettings> = {
  ...{ rnnSize: 32, numLayers: 1, batchSize: 20, sequenceLength: 25 },
  // Few validation chunks: measuring them takes no time.
  ...{ trainFraction: 0.98, validationFraction: 0.01 },
};
const modern: Partial<RunSettings> = {
  ...recipeSettings('modern'),
  ...{ name: 'modern', evaluateEvery: 30, maxIterations: 150 },
};
/** Steps so large that their average is better than any of them. */
const unsteady: Partial<RunSettings> = {
  ...modern,
  ...{ name: 'unsteady', schedule: 'constant', learningRate: 0.02, averageDecay: 0.99, maxIterations: 300 },
};
/** Steps so large that the loss goes up and down: soon one measurement is no better than the one before. */
const restless: Partial<RunSettings> = {
  ...{ name: 'restless', learningRate: 0.05, schedule: 'constant', averageDecay: 0 },
  ...{ evaluateEvery: 5, patience: 1, maxIterations: 2000 },
};

let window: WorkbenchWindow;

async function train(changes: Partial<RunSettings>): Promise<Run> {
  const { served } = window;
  const text = (await served.request('texts.list', null)).find(({ source }) => source === 'sample')?.id ?? '';
  const settings = { ...defaultRunSettings, ...small, ...changes };
  const request = {
    text,
    encoding: null,
    settings,
    backend: 'wasm',
    threads: 1,
    initializeFrom: null,
  } as const;
  const [run] = await served.request('runs.start', { requests: [request] });
  return vi.waitFor(
    async () => {
      const { run: now } = await served.request('runs.get', { run: run?.id ?? '' });
      if (now.state !== 'finished') throw new Error(`it is ${now.state}: ${now.reason}`);
      return now;
    },
    { timeout: 60_000, interval: 200 },
  );
}

describeInChromium('the pages of a run with the modern recipe', () => {
  let run: Run;
  beforeAll(async () => {
    window = await WorkbenchWindow.open({ width: 1100, height: 800 });
    run = await train(modern);
  });
  afterAll(async () => {
    await window.close();
    expect(window.complaints).toEqual([]);
  });

  it('shows both validation losses, that of the averaged weights in front, and what the recipe is', async () => {
    const { page } = window;
    await window.go(`#/runs/${run.id}`);
    await page.getByText('Layer-normalised, averaged weights, learning rate falls to zero.').waitFor();
    const line = (name: string) => page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
    await line('Validation loss, averaged weights').waitFor();
    await line('Validation loss, trained weights').waitFor();
    // What the legend reads off is what was measured last.
    const events = await window.served.request('runs.get', { run: run.id });
    const last = formatLoss(events.run.lastValidationLoss ?? Number.NaN);
    await page.getByText(last, { exact: false }).first().waitFor();
    await page.getByRole('heading', { name: 'Verdict: complete' }).waitFor();
    await page.getByRole('button', { name: 'Plan a run twice as long' }).waitFor();
    await window.check('run-modern');
  });

  it('says with which weights a checkpoint is used, in lists and beside texts', async () => {
    const { page, served } = window;
    const { id } = await train(unsteady);
    const checkpoints = await served.request('checkpoints.list', { run: id });
    const averaged = checkpoints.filter(({ weights }) => weights === 'averaged');
    expect(averaged.length).toBeGreaterThan(0);
    await window.go(`#/checkpoints/${id}`);
    await expect
      .poll(() => page.locator('tbody .mark', { hasText: 'averaged weights' }).count())
      .toBe(averaged.length);
    await window.check('checkpoints-modern');
    await window.go(`#/write/${id}/${encodeURIComponent(averaged[0]?.file ?? '')}`);
    await page
      .getByText(/validation loss \d\.\d{4}, averaged weights/)
      .first()
      .waitFor();
  });

  it('draws the planned learning rate of a stopped run', async () => {
    const { page, served } = window;
    const text =
      (await served.request('texts.list', null)).find(({ source }) => source === 'sample')?.id ?? '';
    const settings = {
      ...defaultRunSettings,
      ...small,
      ...modern,
      name: 'long',
      maxIterations: 1_000_000,
      maxEpochs: 100_000,
    };
    const request = {
      text,
      encoding: null,
      settings,
      backend: 'wasm',
      threads: 1,
      initializeFrom: null,
    } as const;
    const [long] = await served.request('runs.start', { requests: [request] });
    await window.go(`#/runs/${long?.id ?? ''}`);
    const meter = page.getByRole('img', {
      name: /^Learning rate over iterations\. Now .* Planned: .* at iteration 1,000,000/,
    });
    await meter.waitFor({ timeout: 30_000 });
    await served.request('runs.stop', { run: long?.id ?? '' });
    await page.getByText('stopped', { exact: true }).first().waitFor({ timeout: 30_000 });
    await meter.waitFor();
    await window.check('run-on-its-way');
  });

  it('says so of a run that ended early', async () => {
    const { page } = window;
    const early = await train(restless);
    expect(early.iteration).toBeLessThan(2000);
    await window.go(`#/runs/${early.id}`);
    await page.getByRole('heading', { name: 'Verdict: ended early' }).waitFor();
    await page.getByText(/^Ended early: the validation loss had not improved for 1 measurement\./).waitFor();
    await page.getByRole('button', { name: 'Try with more dropout' }).waitFor();
  });
});
