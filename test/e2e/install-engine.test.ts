import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { installObstacle } from '../support/install-conditions.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const note = installObstacle === null ? '' : ` [skipped: ${installObstacle}]`;
/** A quarter of a gigabyte has to come over the network. */
const patience = 540_000;

describe.skipIf(!hasChromium || installObstacle !== null)(`TensorFlow from the page Settings${note}`, () => {
  let opened: WorkbenchWindow;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 900, height: 700 });
    await opened.go('#/settings');
    await opened.page.getByText('Install TensorFlow', { exact: true }).click();
  });
  afterAll(async () => {
    await opened?.close();
    expect(opened?.complaints).toEqual([]);
  });

  const work = (): Locator => opened.page.getByRole('group', { name: 'Engine installation' });
  const button = (name: string): Locator => opened.page.getByRole('button', { name, exact: true });

  /** Engines and unfinished installations. Complete downloads may stay: the next installation continues from them. */
  function installed(): readonly string[] {
    const folder = join(opened.home, 'engines');
    const kept = join(folder, '.downloads');
    const whole = /^[0-9a-f]{64}\.whl$/;
    return [
      ...(existsSync(folder) ? readdirSync(folder).filter((name) => name !== '.downloads') : []),
      ...(existsSync(kept) ? readdirSync(kept).filter((name) => !whole.test(name)) : []),
    ];
  }

  /** Programs that were started for this workbench and still run, besides itself. */
  function helpers(): readonly string[] {
    return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(opened.home));
  }

  test('can be cancelled, and leaves nothing', async () => {
    const { page } = opened;
    await button('Install').click();
    await work()
      .getByRole('progressbar', { name: /^Downloading TensorFlow/ })
      .waitFor();
    expect(installed()).not.toEqual([]);
    // It continues while another page is open.
    await opened.go('#/glossary');
    await opened.go('#/settings');
    await work().getByRole('progressbar').waitFor();
    await work().getByRole('button', { name: 'Cancel' }).click();
    await work()
      .getByText(/^Note: Cancelled\. No engine was installed or changed\./)
      .waitFor();
    await expect.poll(installed, { timeout: 20_000 }).toEqual([]);
    await expect.poll(helpers, { timeout: 20_000 }).toEqual([]);
    await page.getByText('TensorFlow not installed').waitFor();
  });

  test(
    'is downloaded, built and tested, with its progress in words',
    async () => {
      const { page } = opened;
      await page.getByText('Install TensorFlow', { exact: true }).click();
      await button('Install').click();
      const seen: string[] = [];
      const done = work().getByText(/^Good: TensorFlow .* is installed and passed its test/);
      const bar = work().getByRole('progressbar');
      await expect
        .poll(
          async () => {
            const doing = await bar.evaluateAll(
              ([element]) =>
                document.getElementById(element?.getAttribute('aria-labelledby') ?? '')?.textContent ?? '',
            );
            if (doing !== '' && !seen.includes(doing)) seen.push(doing);
            return done.count();
          },
          { timeout: patience, interval: 100 },
        )
        .toBe(1);
      const said = seen.map((doing) => doing.replace(/:.*$/, ''));
      expect([...new Set(said)].slice(-4)).toEqual([
        'Downloading TensorFlow',
        'Unpacking the libraries',
        'Compiling the bridge to Node.js',
        'Testing the engine',
      ]);
      expect(installed()).toHaveLength(1);
      await page.getByText(/^TensorFlow for the processor installed, version [\d.]+, \d+ MB$/).waitFor();
    },
    patience,
  );

  test('passes its self-test, is in the report, and can be uninstalled', async () => {
    const { page } = opened;
    await button('Test TensorFlow for the processor').click();
    await work()
      .getByText(/^Good:/)
      .waitFor();
    await button('Create report').click();
    const report = page.getByRole('group', { name: 'Report' });
    await report.getByText(/^TensorFlow +[\d.]+ loads .*agrees with the embedded backend/m).waitFor();
    await opened.check('settings-engine');
    await button('Remove TensorFlow for the processor').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('TensorFlow not installed').waitFor();
    expect(installed()).toEqual([]);
  });
});
