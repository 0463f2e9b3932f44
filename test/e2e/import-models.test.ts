import { expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { filesOf, weightsOf } from '../support/ml5-folders.ts';
import { t7Fixture } from '../support/t7-files.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';

describeInChromium('models of other programs', () => {
  const window = windowWithRuns();

  test('dropped on Home: a run that says where it comes from, shows its losses, and writes', async () => {
    const { page } = window.opened;
    await window.opened.go('#/');
    await window.opened.drop('lm_kings_epoch0.47_2.4050.t7', t7Fixture('gru-2x64'));
    await page.getByRole('heading', { level: 1, name: 'kings' }).waitFor();
    await page.getByText('imported from char-rnn, lm_kings_epoch0.47_2.4050.t7').first().waitFor();
    await page.getByText('It holds no optimiser memory').waitFor();
    await page.getByText('2.4050').first().waitFor();
    expect(await page.getByRole('button', { name: 'Resume' }).isDisabled()).toBe(true);
    await window.opened.check('imported-run');
    await page.setViewportSize({ width: 390, height: 800 });
    await window.opened.check('imported-run-phone');
    await page.setViewportSize({ width: 900, height: 700 });
    await page.getByRole('link', { name: 'Write with the best checkpoint' }).click();
    await page.getByRole('heading', { name: 'Write', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByText('The check for copies needs the training text').waitFor();
    await page.getByText(/Done: 2,000 symbols/).waitFor();
    expect(await page.getByRole('button', { name: 'Is it copied?' }).isDisabled()).toBe(true);
    // What needs no training text is there.
    expect(await page.getByRole('button', { name: 'Booklet…' }).isEnabled()).toBe(true);
    await window.opened.check('imported-write');
  });

  test('it is on Home, and Compare says what is unknown', async () => {
    const { page } = window.opened;
    await window.opened.go('#/');
    await page.getByRole('link', { name: 'kings', exact: true }).first().waitFor();
    const [first, second] = await window.opened.served.request('runs.list', null);
    const comparison = await window.opened.served.request('runs.compare', {
      runs: [first?.id ?? '', second?.id ?? ''],
    });
    expect(comparison.warnings.join()).toContain('does not say which text it was trained on');
  });

  test('the files of an ml5 folder, dropped together, are one model', async () => {
    const { page } = window.opened;
    await window.opened.go('#/');
    await window.opened.dropAll(filesOf(weightsOf(true, false)));
    await page
      .getByText(/imported from ml5/)
      .first()
      .waitFor();
    await page.getByText('Its file records no losses').waitFor();
  });

  test('a new run starts from it: its text is chosen first', async () => {
    const { page } = window.opened;
    await window.opened.go('#/runs/kings');
    await page.getByRole('button', { name: 'New run from it' }).click();
    await page.getByText('The next run starts with this model').waitFor();
  });

  test('a refused model says why', async () => {
    const { page } = window.opened;
    await window.opened.go('#/');
    await window.opened.drop('checkpoint_60.t7', t7Fixture('torch-rnn-batchnorm'));
    await page.locator('.messages').getByText('batch normalisation').waitFor();
    await window.opened.drop('model.pt', new Uint8Array([0x80, 2, 0x63]));
    await page.locator('.messages').getByText('pickle').waitFor();
  });
});
