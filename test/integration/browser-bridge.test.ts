import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../src/serve/browser-host.ts';
import { servePages } from '../../src/serve/pages.ts';
import type { BridgePage } from '../support/bridge-page.ts';
import { describeInChromium, launchChromium } from '../support/chromium.ts';
import { TransportWorkbench } from '../support/transport-workbench.ts';

declare const page: BridgePage;

describeInChromium('the bridge of a page in a browser', () => {
  const pages = mkdtempSync(join(tmpdir(), 'charloom-bridge-'));
  let browser: Browser;
  let workbench: TransportWorkbench;
  let host: BrowserHost;
  let tab: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const root = resolve(import.meta.dirname, '../unit/renderer/bridge-page');
    await build({ root, configFile: false, logLevel: 'warn', build: { outDir: pages, emptyOutDir: true } });
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    workbench = new TransportWorkbench();
    host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages });
    const context = await browser.newContext({ acceptDownloads: true });
    tab = await context.newPage();
    errors.length = 0;
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(host.addressWithToken);
    await tab.waitForFunction(() => page.states.length > 0);
  });
  afterEach(async () => {
    await tab.context().close();
    await host.close();
  });

  /** Another host in the place of this one, as after a restart. */
  async function restart(token: string): Promise<void> {
    const { port } = new URL(host.address);
    await host.close();
    host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages, port: Number(port), token });
  }

  function openStream(): Promise<void> {
    return tab.evaluate(() => {
      page.bridge.open('engines.test', { engine: 'wasm' }, (item) => {
        if (item.kind === 'log') page.lines.push(item.line);
      });
    });
  }

  const lines = (): Promise<string[]> => tab.evaluate(() => page.lines);
  const state = (): Promise<string | undefined> => tab.evaluate(() => page.states.at(-1));

  test('takes the token out of the address, and a reload still has it', async () => {
    expect(tab.url()).toBe(`${host.address}/`);
    expect(await tab.evaluate(() => page.traces())).not.toContain(host.token);
    await tab.reload();
    const settings = await tab.evaluate(() => page.bridge.request('settings.change', { theme: 'dark' }));
    expect(settings).toMatchObject({ theme: 'dark' });
    expect(tab.url()).not.toContain(host.token);
  });

  test('rebuilds errors from data', async () => {
    const error = await tab.evaluate(() =>
      page.bridge
        .request('texts.forget', { text: 'novel' })
        .catch((thrown: unknown) => ({ ...(thrown as object) })),
    );
    expect(error).toMatchObject({ name: 'CharloomError', code: 'not-found', fix: 'Import it again.' });
  });

  test('receives streams, and again after the connection was lost', async () => {
    await openStream();
    await expect.poll(lines).toEqual(['testing wasm']);
    await restart(host.token);
    await expect.poll(lines, { timeout: 10_000 }).toEqual(['testing wasm', 'testing wasm']);
    workbench.tell('still here');
    await expect.poll(lines).toEqual(['testing wasm', 'testing wasm', 'still here']);
    expect(await tab.evaluate(() => page.states)).toEqual(['connected', 'lost', 'connected']);
    expect(errors).toEqual([]);
  });

  test('sends a request made offline when the host is back', async () => {
    const { port } = new URL(host.address);
    const { token } = host;
    await host.close();
    await expect.poll(state).toBe('lost');
    await openStream();
    const failed = tab.evaluate(() => page.bridge.request('settings.get', null).then(String, String));
    expect(await failed).toContain('does not respond');
    host = await startBrowserHost({ workbench: workbench.asWorkbench(), pages, port: Number(port), token });
    await expect.poll(lines, { timeout: 10_000 }).toEqual(['testing wasm']);
  });

  test('says that a restarted host does not know its token', async () => {
    await restart('another-token');
    await expect.poll(state, { timeout: 10_000 }).toBe('refused');
    const failed = tab.evaluate(() => page.bridge.request('settings.get', null).then(String, String));
    expect(await failed).toContain('access key is missing or expired');
    // The address that was printed now, pasted into the same tab.
    await tab.goto(host.addressWithToken);
    await expect.poll(state, { timeout: 10_000 }).toBe('connected');
    expect(tab.url()).toBe(`${host.address}/`);
  });

  test('a tab that is opened without the token takes it from one that is connected, and keeps it', async () => {
    const second = await tab.context().newPage();
    await second.goto(host.address);
    expect(await second.evaluate(() => page.bridge.request('settings.get', null))).toBeTypeOf('object');
    await expect.poll(() => second.evaluate(() => page.states.at(-1))).toBe('connected');
    expect(await second.evaluate(() => page.traces())).not.toContain(host.token);
    expect(await second.evaluate(() => JSON.stringify(localStorage))).not.toContain(host.token);
    await tab.close();
    await second.reload();
    expect(await second.evaluate(() => page.bridge.request('settings.get', null))).toBeTypeOf('object');
    expect(await second.evaluate(() => page.states)).not.toContain('refused');
  });

  test('no tab of another browser gets the token, nor one whose tab has an expired one', async () => {
    const elsewhere = await browser.newContext();
    const stranger = await elsewhere.newPage();
    await stranger.goto(host.address);
    await expect.poll(() => stranger.evaluate(() => page.states.at(-1))).toBe('refused');
    await elsewhere.close();
    await restart('another-token');
    await expect.poll(state, { timeout: 10_000 }).toBe('refused');
    const second = await tab.context().newPage();
    await second.goto(host.address);
    await expect.poll(() => second.evaluate(() => page.states.at(-1))).toBe('refused');
    // The printed address in a third: the first connects when a person comes back to it.
    const third = await tab.context().newPage();
    await third.goto(host.addressWithToken);
    await expect.poll(() => third.evaluate(() => page.states.length)).toBeGreaterThan(0);
    await third.evaluate(() => page.bridge.request('settings.get', null));
    await expect
      .poll(
        async () => {
          await tab.dispatchEvent('html', 'visibilitychange');
          return state();
        },
        { timeout: 10_000 },
      )
      .toBe('connected');
  });

  test('uploads files with progress and downloads files as a browser does', async () => {
    await tab.setInputFiles('#file', {
      name: 'novel.txt',
      mimeType: 'text/plain',
      buffer: Buffer.alloc(2 << 20, 'a'),
    });
    const added = await tab.evaluate(() => page.addChosenFile());
    expect(added).toMatchObject({ title: 'novel.txt', bytes: 2 << 20 });
    expect(await tab.evaluate(() => page.fractions.at(-1))).toBe(1);
    const [download] = await Promise.all([
      tab.waitForEvent('download'),
      tab.evaluate(() => page.bridge.exportCheckpoint('r', 'lm_1.safetensors', 'json')),
    ]);
    expect(download.suggestedFilename()).toBe('lm_1.json');
    expect(download.url()).not.toContain(host.token);
    const [exported] = await Promise.all([
      tab.waitForEvent('download'),
      tab.evaluate(() => page.bridge.saveExport('one', 'novel-onnx.zip')),
    ]);
    expect(exported.suggestedFilename()).toBe('novel-onnx.zip');
    const failed = tab.evaluate(() => page.bridge.exportCheckpoint('none', 'x', 'json').then(String, String));
    expect(await failed).toContain('There is no such run.');
  });

  test('refuses a page of another site, even with a stolen token', async () => {
    // The same page from a server that sends no restricting policy.
    const elsewherePages = servePages(pages);
    const elsewhere = createServer((request, response) => {
      elsewherePages(request, response).catch(() => response.writeHead(404).end());
    }).listen(0, '127.0.0.1');
    try {
      await once(elsewhere, 'listening');
      const { port } = elsewhere.address() as AddressInfo;
      const stranger = await tab.context().newPage();
      await stranger.goto(`http://127.0.0.1:${port}/`);
      const { address, token } = host;
      const outcomes = await stranger.evaluate(
        ([at, stolen]) => page.attack(String(at), String(stolen)),
        [address, token],
      );
      expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    } finally {
      elsewhere.close();
      elsewhere.closeAllConnections();
    }
  });
});
