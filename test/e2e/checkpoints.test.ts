import { copyFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/texts.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('the page Checkpoints', () => {
  const window = windowWithRuns((_, run) => {
    const [some] = readdirSync(run.checkpoints);
    const damaged = join(run.checkpoints, 'lm_Alice_epoch99.00_0.0001.safetensors');
    copyFileSync(join(run.checkpoints, some ?? ''), damaged);
    truncateSync(damaged, 1000);
  });

  /** Checkpoint files as the disk has them: validation losses, by the names. */
  function losses(): readonly number[] {
    return readdirSync(window.run.checkpoints)
      .map((name) => Number(/_(\d+\.\d+)\.safetensors$/.exec(name)?.[1]))
      .filter((loss) => loss > 0.01)
      .toSorted((a, b) => a - b);
  }

  const rows = (): Locator => window.opened.page.locator('tbody tr[data-file]');
  const shownLosses = async (): Promise<readonly string[]> =>
    rows().locator('td:nth-child(5)').allTextContents();
  const notice = (text: string | RegExp): Locator => window.opened.page.locator('.messages').getByText(text);

  test('are listed best first, and a sentence says that the best is not the last', async () => {
    const { page } = window.opened;
    await window.opened.go('#/checkpoints');
    await rows().first().waitFor();
    const expected = losses().map((loss) => loss.toFixed(4));
    expect((await shownLosses()).slice(0, expected.length)).toEqual(expected);
    await page.getByText('since then the run has been overfitting').waitFor();
    expect(await rows().first().textContent()).toContain('best');
    // The damaged one is shown with what is wrong, and cannot be written with.
    expect(await rows().last().textContent()).toMatch(/damaged.*epoch99/);
    await rows()
      .last()
      .getByRole('button', { name: /damaged/ })
      .click();
    expect(await page.getByRole('button', { name: 'Write with it' }).count()).toBe(0);
    await rows()
      .last()
      .getByRole('button', { name: /damaged/ })
      .click();
  });

  test('say which of them are above the scale of the chart, and show them all', async () => {
    const { page } = window.opened;
    await window.opened.go('#/checkpoints');
    await rows().first().waitFor();
    const picture = page.getByRole('group', { name: /^Validation loss by iteration/ });
    const upper = async (): Promise<number> =>
      Math.max(
        ...(await picture.locator('text').allTextContents()).map((text) =>
          /^\d+\.\d{4}$/.test(text) ? Number(text) : 0,
        ),
      );
    const top = await upper();
    const higher = losses().filter((loss) => loss > top);
    expect(higher.length).toBeGreaterThan(0);
    const marked = picture.getByRole('button', { name: /, above the scale$/ });
    expect(await marked.count()).toBe(higher.length);
    await page
      .getByText(new RegExp(`△ ${higher.length} checkpoint[^]*${losses().at(-1)?.toFixed(4)}`))
      .waitFor();
    await page.getByText('All of them', { exact: true }).click();
    await expect.poll(upper).toBe(losses().at(-1));
    expect(await marked.count()).toBe(0);
    await page.getByText('The lowest, closer', { exact: true }).click();
  });

  test('are sorted, starred and noted by keyboard, and what was noted stays', async () => {
    const { page } = window.opened;
    await page.getByRole('button', { name: 'Iteration' }).focus();
    await page.keyboard.press('Enter');
    const iterations = async (): Promise<readonly number[]> =>
      (await rows().locator('td:nth-child(4).number').allTextContents()).map((text) =>
        Number(text.replaceAll(',', '')),
      );
    const inOrder = (await iterations()).toSorted((a, b) => a - b);
    await expect.poll(iterations).toEqual(inOrder);
    await page.keyboard.press('Enter');
    await expect.poll(iterations).toEqual(inOrder.toReversed());
    // From the first row's star to the second's, and open that row's details.
    await rows().nth(0).getByRole('button', { name: /^Star/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await rows().nth(1).getByRole('button', { name: /^Star/, pressed: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByLabel('Note', { exact: true }).fill('Writes dialogue well');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    const noted = async (): Promise<number> => {
      const list = await window.opened.served.request('checkpoints.list', { run: 'Alice' });
      return list.filter(({ note }) => note === 'Writes dialogue well').length;
    };
    await expect.poll(noted).toBe(1);
    await window.opened.check('checkpoints');
    await window.opened.page.reload();
    await page.getByText('Writes dialogue well').first().waitFor();
  });

  test('are moved to the trash, with the space that they free, and restored', async () => {
    const { page } = window.opened;
    const before = losses();
    await rows().nth(2).getByRole('checkbox').check();
    await rows().nth(3).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^Delete 2/ }).click();
    await notice(/2 checkpoints moved to trash \(\d/).waitFor();
    await expect.poll(losses).toEqual(before.filter((_, index) => index !== 2 && index !== 3));
    await page.locator('.messages').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(losses).toEqual(before);
    await expect.poll(() => rows().count()).toBe(before.length + 1);
  });

  test('are restored from the page when the message with Undo is gone', async () => {
    const { page } = window.opened;
    const before = losses();
    await rows().nth(2).getByRole('checkbox').check();
    await rows().nth(3).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^Delete 2/ }).click();
    await notice(/2 checkpoints moved to trash/).waitFor();
    await page
      .locator('.messages')
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
    await page.reload();
    const card = page.getByRole('region', { name: 'Checkpoints in the trash' });
    await card.getByText('2 checkpoints of “Alice”').first().waitFor();
    await window.opened.check('checkpoints-trash');
    await card.getByRole('button', { name: 'Restore 2 checkpoints of “Alice”' }).click();
    await expect.poll(losses).toEqual(before);
    await expect.poll(() => rows().count()).toBe(before.length + 1);
    await card.waitFor({ state: 'detached' });
  });

  test('never lose the best by accident: it is left out of a selection, and deleting it alone needs a confirmation', async () => {
    const { page } = window.opened;
    const before = losses();
    await rows().nth(0).getByRole('checkbox').check();
    await rows().nth(1).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^Delete 2/ }).click();
    await notice(/1 checkpoint moved to trash.*Kept:.*the best/).waitFor();
    expect(losses()[0]).toBe(before[0]);
    await page.locator('.messages').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(losses).toEqual(before);
    await rows().nth(0).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^Delete 1/ }).click();
    await page
      .getByRole('dialog', { name: 'Delete the best checkpoint?' })
      .getByRole('button', { name: 'Keep it' })
      .click();
    expect(losses()).toEqual(before);
  });

  test('are deleted by a rule that shows first what it would do', async () => {
    const { page } = window.opened;
    const before = losses();
    const keep = page.getByRole('textbox', { name: 'Best checkpoints to keep' });
    await keep.fill('4');
    await keep.press('Enter');
    // Of the rest the last and the starred stay.
    const go = page.getByRole('button', { name: /^Remove \d+ checkpoints/ });
    await expect
      .poll(() => go.textContent())
      .toMatch(new RegExp(`^Remove (${before.length - 5}|${before.length - 6}) checkpoints`));
    await go.click();
    await notice(/checkpoints moved to trash/)
      .first()
      .waitFor();
    await expect.poll(() => losses().length).toBeLessThanOrEqual(6);
    expect(losses().slice(0, 4)).toEqual(before.slice(0, 4));
    await page.locator('.messages').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(losses).toEqual(before);
  });

  test('are exported and imported as files, and an imported model writes', async () => {
    const { page } = window.opened;
    await rows()
      .nth(0)
      .getByRole('button', { name: /actions and note/ })
      .click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const exported = join(temporaryFolder('export'), 'from a friend.safetensors');
    await (await download).saveAs(exported);
    await page.getByLabel('Model file to import').setInputFiles(exported);
    await notice('from a friend.safetensors was imported').waitFor();
    await window.opened.check('checkpoints-open');
    await page
      .locator('section', { hasText: 'Imported models' })
      .getByRole('button', { name: 'Write with it' })
      .click();
    await page.getByRole('heading', { name: 'Write', level: 1 }).waitFor();
    await page.getByText('validation loss', { exact: false }).first().waitFor();
  });

  test('can start a new run', async () => {
    const { page } = window.opened;
    await window.opened.go('#/checkpoints/Alice');
    await rows()
      .nth(0)
      .getByRole('button', { name: /actions and note/ })
      .click();
    await page.getByRole('button', { name: 'New run from this checkpoint' }).click();
    const best = readdirSync(window.run.checkpoints).find((name) =>
      name.includes(losses()[0]?.toFixed(4) ?? ''),
    );
    const epoch = /epoch([\d.]+)_/.exec(best ?? '')?.[1] ?? '';
    await page.getByText(new RegExp(`^From .*${epoch}`)).waitFor();
  });

  test('appear in the list of a run while it trains', async () => {
    const { page } = window.opened;
    await window.opened.go('#/checkpoints/Alice');
    await rows().first().waitFor();
    const before = await rows().count();
    await window.opened.served.request('runs.resume', {
      run: 'Alice',
      changes: { maxEpochs: 20 },
      text: null,
    });
    await expect.poll(() => rows().count(), { timeout: 30_000 }).toBeGreaterThan(before + 1);
    await page.getByRole('heading', { name: `${losses().length + 1} checkpoints`, exact: true }).waitFor();
  });
});
