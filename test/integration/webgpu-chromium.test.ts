import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledFixtures } from '../../src/engine/verification/bundled.ts';
import { worstError } from '../../src/engine/verification/verify.ts';
import { chromiumProgram, describeInChromium } from '../support/chromium.ts';
import type { WebgpuPage } from '../support/webgpu-page.ts';

declare const webgpuPage: WebgpuPage;

/** Chromium's own SwiftShader plays the card. Pages of ordinary people get no such adapter: the first switch allows it. */
const switches = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
/** WebGPU is for secure pages only. Nothing is fetched: every request is answered here. */
const address = 'https://charloom.test/';
/** Compiling for a card that the processor plays takes long. */
const patience = 240_000;

/** The engine as a page would load it. */
async function bundle(): Promise<string> {
  const entry = resolve(import.meta.dirname, '../support/webgpu-page.ts');
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const [output] = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[];
  const [chunk] = output?.output ?? [];
  if (chunk?.type !== 'chunk') throw new Error('nothing was built');
  return chunk.code;
}

describeInChromium('WebGPU in a page of Chromium', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const code = await bundle();
    const { path, flags } = chromiumProgram;
    browser = await chromium.launch({ executablePath: path, args: [...flags, ...switches], headless: true });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route(`${address}**`, (route) =>
      route.request().url() === address
        ? route.fulfill({ contentType: 'text/html', body: '<script type="module" src="page.js"></script>' })
        : route.fulfill({ contentType: 'text/javascript', body: code }),
    );
    await page.goto(address);
    await page.waitForFunction(() => 'webgpuPage' in globalThis);
  });
  afterAll(() => browser.close());

  it('names the device', async () => {
    const info = await page.evaluate(() => webgpuPage.info());
    expect(info.variant).toMatch(/^webgpu-google-swiftshader/);
  });

  it.each(bundledFixtures().map(({ name, fixture }) => ({ name, isNormalised: fixture.layer_norm })))(
    'agrees with the golden numbers of $name',
    async ({ name, isNormalised }) => {
      const report = await page.evaluate((which) => webgpuPage.verify(which), name);
      // A norm over three nearly equal units magnifies what was rounded before it.
      expect(worstError(report), JSON.stringify(report)).toBeLessThan(isNormalised ? 5e-4 : 1e-5);
    },
    patience,
  );

  it('logged no errors', () => {
    expect(complaints).toEqual([]);
  });
});
