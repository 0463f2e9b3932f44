import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { canMount, fillDisk, mountSmallDisk, type SmallDisk } from '../support/storage.ts';
import { temporaryFolder } from '../support/texts.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

const isPossible = hasChromium && canMount(join(temporaryFolder('mounts'), 'probe'));

describe.skipIf(!isPossible)('a run without disk space, in the pages', () => {
  let opened: WorkbenchWindow;
  let disk: SmallDisk | undefined;
  const ballast = (): string => join(opened.home, 'runs', 'ballast');

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({
      prepare: (home) => void (disk = mountSmallDisk(join(home, 'runs'), 4_000_000)),
    });
    const { id: text } = await opened.served.upload('weaver.txt', story);
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await opened.served.request('runs.start', {
      requests: [{ text, settings: { ...quick, ...endless, name: 'crowded' }, ...common }],
    });
  });
  afterAll(async () => {
    // Its folder can go only without it.
    disk?.unmount();
    await opened.close();
  });

  test('waits: its page and Home say why, for how much and where, and let it continue', async () => {
    const { page } = opened;
    await opened.go('#/runs/crowded');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    fillDisk(ballast());
    const news = page.locator('main .notice', {
      hasText: 'The disk is full: the run waits until space is free.',
    });
    await news.waitFor();
    expect(await news.innerText()).toMatch(/It needs .* in .*crowded\./);
    await page.locator('main .facts .badge', { hasText: /^paused$/ }).waitFor();
    await page.getByText('waiting for disk space').waitFor();
    await opened.check('full-disk');
    await opened.go('#/');
    await page.getByRole('article').getByText('The disk is full: the run waits').waitFor();
    await opened.go('#/runs/crowded');
    rmSync(ballast());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => news.count()).toBe(0);
  });

  test('says what is not saved when it is stopped', async () => {
    const { page } = opened;
    fillDisk(ballast());
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    const news = page.locator('main .notice', { hasText: 'is unsaved' });
    await news.waitFor();
    expect(await news.innerText()).toContain('The disk is full: everything after iteration');
    expect(opened.complaints).toEqual([]);
  });
});
