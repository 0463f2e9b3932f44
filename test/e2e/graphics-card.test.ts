import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webgpuRelease } from '../../src/node/webgpu/installation/release.ts';
import { hasChromium } from '../support/chromium.ts';
import { npmEnvironment, startNpmRegistry, type NpmRegistry } from '../support/npm-registry.ts';
import { swiftshaderEnvironment } from '../support/swiftshader.ts';
import { wordyText } from '../support/texts.ts';
import { dawn, homeWithWebgpu, skipNote } from '../support/webgpu-home.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';

const hasTools = succeeds('npm') && succeeds('tar');
const note = hasTools ? '' : ' [skipped: no npm or no tar here]';

/** A registry on loopback that has a package of this name, with something else in it. */
describe.skipIf(!hasChromium || !hasTools)(`WebGPU from the page Settings${note}`, () => {
  let opened: WorkbenchWindow;
  let registry: NpmRegistry;
  let cache: string;
  beforeAll(async () => {
    registry = await startNpmRegistry(4_000_000, webgpuRelease);
    cache = mkdtempSync(join(tmpdir(), 'charloom-npm-'));
    opened = await WorkbenchWindow.open({
      ...{ width: 900, height: 700 },
      env: npmEnvironment(registry.address, cache),
    });
    await opened.go('#/settings');
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await registry?.close();
    rmSync(cache, { recursive: true, force: true });
    expect(opened?.complaints).toEqual([]);
  });

  const button = (name: string) => opened.page.getByRole('button', { name, exact: true });
  const work = () => opened.page.getByRole('group', { name: 'Engine installation' });

  test('installs with one click, shows progress, and leaves nothing when it is cancelled', async () => {
    registry.manners.holdAfter = 2_000_000;
    await opened.page.getByText('Graphics card (WebGPU) not installed').waitFor();
    await button('Install WebGPU').click();
    await work()
      .getByRole('progressbar', { name: /^Downloading WebGPU: 2 of \d+ MB/ })
      .waitFor();
    await opened.check('settings-webgpu-download');
    await work().getByRole('button', { name: 'Cancel' }).click();
    await work()
      .getByText(
        /^Note: Cancelled\. No engine was installed or changed\. 2(\.\d)? MB of the download are kept/,
      )
      .waitFor();
    await opened.page.getByText('Graphics card (WebGPU) not installed').waitFor();
  });

  test('resumes a download, and loads only the pinned files', async () => {
    registry.manners.holdAfter = undefined;
    await button('Install WebGPU').click();
    await work()
      .getByText(/^Problem: .* is not the file that Charloom expects, so it was deleted/)
      .waitFor();
    const starts = registry.requests.map(({ from }) => from);
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(1_000_000);
    await opened.page.getByText('Graphics card (WebGPU) not installed').waitFor();
  });
});

/** Real Dawn; the card is SwiftShader, which compiles slowly. */
describe.skipIf(!hasChromium || dawn === undefined)(`training on a graphics card${skipNote}`, () => {
  const patience = 240_000;
  let opened: WorkbenchWindow;
  let text: string;
  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      ...{ width: 900, height: 800 },
      env: await swiftshaderEnvironment(),
      prepare: (home) => renameSync(join(homeWithWebgpu(), 'engines'), join(home, 'engines')),
    });
    text = (await opened.served.upload('words.txt', wordyText(60_000))).id;
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    expect(opened?.complaints).toEqual([]);
  });

  const field = (name: string) => opened.page.getByRole('textbox', { name, exact: true });

  test('Settings names the card', async () => {
    await opened.go('#/settings');
    await opened.page.getByText(/^Trains on .*SwiftShader/).waitFor();
    await opened.page.getByRole('button', { name: 'Test Graphics card (WebGPU)' }).waitFor();
    await opened.check('settings-webgpu');
  });

  test(
    'Run setup shows what it takes on each backend, and trains on the one that is chosen there',
    async () => {
      const { page } = opened;
      await opened.go(`#/setup/${text}`);
      await page.getByText('All settings', { exact: true }).click();
      await page.getByRole('radio', { name: /^char-rnn’s/ }).check();
      await field('Layers').fill('1');
      await field('Layer size').fill('16');
      await field('Batch size').fill('4');
      await field('Sequence length').fill('10');
      await field('Maximum iterations').fill('8');
      await page.keyboard.press('Enter');
      const speeds = page.getByRole('list', { name: 'Time on each backend' });
      await speeds.getByText(/^On .*SwiftShader.* \(WebGPU\) about \d+ s$/).waitFor({ timeout: patience });
      await speeds.getByText(/^On the embedded backend about \d+ s$/).waitFor();
      await opened.check('setup-speeds');
      await speeds.getByRole('button', { name: /^Train here on .*SwiftShader/ }).click();
      await speeds
        .getByRole('button', { name: 'Train here on the embedded backend' })
        .waitFor({ timeout: patience });
      await page.getByText(/^the graphics card \(WebGPU\), .*SwiftShader.*: selected$/).waitFor();
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.waitForURL(/#\/runs\/.+/);
      await page.getByText(/^on .*SwiftShader/).waitFor({ timeout: patience });
      const [run] = await opened.served.request('runs.list', null);
      await expect
        .poll(async () => (await opened.served.request('runs.get', { run: run?.id ?? '' })).run.state, {
          timeout: patience,
        })
        .toBe('finished');
    },
    2 * patience,
  );

  test('Settings uninstalls it', async () => {
    const { page } = opened;
    await opened.go('#/settings');
    await page.getByRole('button', { name: 'Remove Graphics card (WebGPU)' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Graphics card (WebGPU) not installed').waitFor();
  });
});

function succeeds(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
