import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { startCharloom, type Running } from '../support/processes.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

describeInChromium('the page Look inside while a large model reads', () => {
  let opened: WorkbenchWindow;
  let training: Running;

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      width: 900,
      height: 700,
      prepare: async (home) => {
        const book = join(home, 'book.txt');
        const words = Array.from({ length: 60_000 }, (_, index) => `${index % 977} of ${index % 89}`);
        writeFileSync(book, words.join(' '));
        const train = (name: string, settings: readonly string[]): Running =>
          startCharloom(['train', book, '--out', join(home, 'runs'), '--name', name, ...settings]);
        // So large that it reads for many seconds: it cannot be ready before Cancel is clicked.
        const large = ['--rnn-size', '768', '--num-layers', '2', '--batch-size', '20', '--seq-length', '10'];
        expect((await train('Large', [...large, '--max-iterations', '1']).finished).code).toBe(0);
        training = train('Small', ['--rnn-size', '16', '--max-epochs', '10000', '--threads', '1']);
      },
    });
  }, 120_000);

  afterAll(async () => {
    training.process.kill('SIGKILL');
    await training.finished;
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  test('says that a run makes it slower, and stops and starts reading on request', async () => {
    const { page } = opened;
    const slower = page.getByText('A run is training at the same time.');
    const reading = page.getByRole('progressbar', { name: 'The model reads the text' });
    await opened.go('#/inside/Large');
    await reading.waitFor();
    await slower.waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Reading was cancelled.').waitFor();
    expect(await reading.count()).toBe(0);
    await opened.check('look-inside-cancelled');
    await page.getByRole('button', { name: 'Read the text' }).click();
    await reading.waitFor();
    training.process.kill('SIGINT');
    await training.finished;
    await slower.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Reading was cancelled.').waitFor();
  });
});
