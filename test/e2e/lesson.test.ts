import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { recipes } from '../../src/shared/domain/recipes.ts';
import { describeInChromium } from '../support/chromium.ts';
import { session } from '../support/sessions.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

/** `npm run pictures` alone trains a model that remembers something: about five minutes. What the page does is tested in look-inside.test.ts. */
const isForPictures = process.env['npm_lifecycle_event'] === 'pictures';
const patience = 600_000;
const pictured = test.skipIf(!isForPictures);

describeInChromium('the lesson of the guide', () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 1200,
      height: 800,
      prepare: async (home) => {
        const text = await sampleText('moby-dick', join(home, 'samples'));
        const runs = join(home, 'runs');
        mkdirSync(runs, { recursive: true });
        await session({
          text,
          runs,
          settings: { ...recipes.modern, name: 'Moby Dick', evaluateEvery: 200, maxIterations: 3200 },
        });
      },
    });
  }, 2 * patience);
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });
  const page = () => opened.page;

  pictured('searches for a unit that remembers', { timeout: patience }, async () => {
    await opened.go('#/inside/Moby%20Dick');
    await page().getByRole('tab', { name: 'What does it track?' }).click({ timeout: patience });
    await page().getByRole('button', { name: 'Search all units' }).click();
    await page()
      .getByText(/numbers of the model over/)
      .waitFor({ timeout: patience });
    expect(
      await page()
        .getByRole('cell', { name: /remembers$/ })
        .count(),
    ).toBeGreaterThan(0);
    await opened.picture('inside-tracks', 1000);
  });

  pictured('reads along with it', { timeout: patience }, async () => {
    await page()
      .getByRole('button', { name: /^Read along ?\(Inside quotation marks/ })
      .click();
    await page().getByRole('button', { name: 'Next passage' }).click({ timeout: patience });
    await page().getByRole('button', { name: 'Show what mattered here' }).click();
    await page()
      .getByRole('region', { name: 'What mattered here' })
      .getByRole('listitem')
      .first()
      .waitFor({ timeout: patience });
    await opened.picture('inside', 1300);
    await page().getByRole('button', { name: 'Next place it is wrong' }).click({ timeout: patience });
  });

  pictured('turns it', { timeout: patience }, async () => {
    await page().getByRole('tab', { name: 'What does it track?' }).click();
    await page()
      .getByRole('button', { name: /^Turn it ?\(Inside quotation marks/ })
      .click();
    await page().getByRole('button', { name: 'Write both' }).click();
    await page().getByRole('heading', { name: 'What changed' }).waitFor({ timeout: patience });
    await opened.picture('inside-turn', 1500);
  });
});
