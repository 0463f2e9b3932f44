import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { tasksDuring } from '../support/long-tasks.ts';
import { manySteps } from '../support/many-steps.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

const steps = 100_000;

describeInChromium('a run of 100,000 steps', () => {
  const window = windowWithRuns((home) => {
    const large = join(home, 'runs', 'large');
    cpSync(join(home, 'runs', 'Alice'), large, { recursive: true });
    writeFileSync(join(large, 'metrics.jsonl'), manySteps(steps));
  });

  it('leaves the page responsive: no task of 100 ms', async () => {
    const { page } = window.opened;
    const tasks = await tasksDuring(page, async () => {
      await window.opened.go('#/runs/large');
      await page.getByRole('img', { name: /^Loss of Alice \(large\)\..*at iteration 100,000/ }).waitFor();
      await page.getByRole('button', { name: 'Zoom in' }).click();
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByLabel('Smoothing').press('ArrowRight');
      await page.getByText('Logarithmic', { exact: true }).click();
      await page.getByText('Epoch', { exact: true }).first().click();
    });
    process.stdout.write(`100,000 points: longest task ${Math.round(tasks[0] ?? 0)} ms of processor time\n`);
    expect(tasks.length).toBeGreaterThan(10);
    expect(tasks[0]).toBeLessThan(100);
  });
});
