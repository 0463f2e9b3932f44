import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PreloadApi } from '../../src/shared/ipc/preload-api.ts';
import { contentSecurityPolicy } from '../../src/shared/page-headers.ts';
import { webPreferences } from '../../src/main/windows/options.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { root } from '../support/processes.ts';

declare const charloom: PreloadApi;

/** Electron's security checklist (docs/architecture.md), item by item, on the built application. */
describe.skipIf(!hasChromium && electronKind === 'double')(`security checklist (${electronKind})`, () => {
  let app: ElectronApp;
  beforeAll(async () => {
    app = await startElectronApp();
  });
  afterAll(() => app.close());

  const address = (): Promise<string> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '', null);

  test('items 1 and 18: the pages ship with the application, under their own scheme', async () => {
    expect(await address()).toMatch(/^app:\/\/charloom\/index\.html/);
    const requests: string[] = [];
    app.page.on('request', (request) => requests.push(new URL(request.url()).host));
    await app.page.reload();
    expect(requests.length).toBeGreaterThan(0);
    expect(new Set(requests).size).toBe(1);
  });

  test('items 2, 3, 4, 6, 8, 9, 10, 11: the window has exactly the documented preferences', async () => {
    const preferences = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getLastWebPreferences(),
      null,
    );
    const preload = join(root, 'out/preload/index.cjs');
    // Electron fills in the ones that were left out.
    expect(preferences).toMatchObject(webPreferences(preload));
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
  });

  test('item 4: every page is sandboxed, regardless of what a window requests', async () => {
    if (app.kind === 'double')
      expect(await app.evaluate((electron) => electron.app.isSandboxed, null)).toBe(true);
    expect(await app.page.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
  });

  test('item 5: permissions are refused, except the two with a reason', async () => {
    const query = async (name: string): Promise<unknown> => {
      if (app.kind === 'electron') {
        return app.page.evaluate(
          `navigator.permissions.query({ name: '${name}' }).then(({ state }) => state === 'granted')`,
        );
      }
      return app.evaluate(({ permissionHandlers, BrowserWindow }, permission) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const check = permissionHandlers.check?.(contents, permission, 'app://charloom/');
        return new Promise((resolve) => {
          const details = { requestingUrl: 'app://charloom/index.html' };
          const reply = (granted: unknown): void => resolve(granted === true && check === true);
          if (permissionHandlers.request === null) resolve(true);
          else permissionHandlers.request(contents, permission, reply, details);
        });
      }, name);
    };
    for (const name of ['geolocation', 'camera', 'microphone', 'notifications', 'midi', 'clipboard-read']) {
      expect([name, await query(name)]).toEqual([name, false]);
    }
    if (app.kind === 'double') expect(await query('clipboard-sanitized-write')).toBe(true);
  });

  test('item 7: the policy comes with every page and holds', async () => {
    const policy = await app.page.evaluate(
      "fetch('/index.html').then((response) => response.headers.get('content-security-policy'))",
    );
    expect(policy).toBe(contentSecurityPolicy());
    const broken = await app.page.evaluate(`new Promise((resolve) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        seen.push(event.effectiveDirective);
        if (seen.length === 5) resolve(seen.toSorted());
      });
      const script = document.createElement('script');
      script.textContent = 'window.ranInline = true';
      document.body.append(script);
      const image = new Image();
      image.src = 'https://evil.example/pixel.png';
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.example/';
      document.body.append(frame);
      fetch('https://evil.example/').catch(() => undefined);
      // Later: what a debugger evaluates is exempt from the policy.
      setTimeout(() => { try { new Function('return 1')(); } catch {} }, 0);
    })`);
    expect(broken).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src', 'script-src-elem']);
    expect(await app.page.evaluate('window.ranInline')).toBeUndefined();
  });

  test('items 11 and 12: no page can hold another as a webview', async () => {
    const prevented = await app.evaluate(({ BrowserWindow }) => {
      let isPrevented = false;
      const event = { preventDefault: () => (isPrevented = true) };
      BrowserWindow.getAllWindows()[0]?.webContents.emit('will-attach-webview', event, {}, {});
      return isPrevented;
    }, null);
    expect(prevented).toBe(true);
  });

  test.each([
    'https://evil.example/',
    'https://evil.example/?app://charloom/index.html',
    'https://app.charloom.evil.example/index.html',
    'http://charloom/index.html',
  ])('item 13: the window does not go to %s', async (target) => {
    await app.evaluate(({ BrowserWindow }) => {
      const seen: unknown[] = [];
      Object.assign(globalThis, { seen });
      // After the guard, so that it gets the guard's decision.
      BrowserWindow.getAllWindows()[0]?.webContents.once(
        'will-navigate',
        (event: { readonly url: string; readonly defaultPrevented: boolean }) =>
          seen.push([event.url, event.defaultPrevented]),
      );
    }, null);
    const before = await address();
    await app.page.evaluate(`location.href = ${JSON.stringify(target)}`).catch(() => undefined);
    const seen = (): Promise<unknown> =>
      app.evaluate(() => (globalThis as unknown as { readonly seen: unknown }).seen, null);
    await expect.poll(seen).toEqual([[target, true]]);
    expect(await address()).toBe(before);
  });

  test('item 14: no page opens a window', async () => {
    const popup = app.kind === 'double' ? app.page.context().waitForEvent('page') : undefined;
    const opened = await app.page.evaluate("window.open('https://evil.example/') === null");
    // Electron makes none; the double, whose Chromium has made one, takes it away.
    if (popup === undefined) expect(opened).toBe(true);
    else await expect.poll(async () => (await popup).isClosed()).toBe(true);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null)).toBe(1);
  });

  test('item 15: a page names a link by its key, never by its address', async () => {
    await app.evaluate(({ shell }) => {
      shell.openExternal = (link) => {
        (globalThis as unknown as { links?: string[] }).links = [link];
        return Promise.resolve();
      };
    }, null);
    const ask = (link: string): Promise<unknown> =>
      app.page.evaluate((key) => charloom.request('app.openLink', { link: key }), link);
    expect(await ask('https://evil.example/')).toMatchObject({ ok: false, failure: { code: 'usage' } });
    expect(await ask('char-rnn')).toEqual({ ok: true, value: null });
    const links = await app.evaluate(() => (globalThis as unknown as { links?: string[] }).links, null);
    expect(links).toEqual(['https://github.com/karpathy/char-rnn']);
  });

  test('item 15: a folder is shown by its key, and no other can be named', async () => {
    // Where a real window would open, only what it was asked for is kept.
    await app.evaluate(({ shell }) => {
      const paths: string[] = [];
      Object.assign(globalThis, { paths });
      shell.openPath = (path) => (paths.push(path), Promise.resolve(''));
    }, null);
    for (const folder of ['/etc', '../..', 'trash', '']) {
      const reply = await app.page.evaluate(
        (name) => charloom.request('app.openFolder', { folder: name }),
        folder,
      );
      expect(reply).toMatchObject({ ok: false, failure: { code: 'usage' } });
    }
    await app.page.evaluate("location.hash = '#/settings'");
    for (const title of ['Runs', 'Engines', 'Everything else']) {
      await app.page.getByRole('button', { name: `Show in folder (${title})` }).click();
    }
    const home = join(app.home, 'charloom');
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as { paths: string[] }).paths, null))
      .toEqual([join(home, 'runs'), join(home, 'engines'), home]);
    expect(existsSync(join(home, 'engines'))).toBe(true);
  });

  test('a folder that the system cannot show gives an error with a sentence', async () => {
    await app.evaluate(
      ({ shell }) => void (shell.openPath = () => Promise.resolve('no program for it')),
      null,
    );
    await app.page.getByRole('button', { name: 'Show in folder (Runs)' }).click();
    await app.page.getByText('cannot be opened: no program for it').waitFor();
    await app.page.getByText('Copy the path and open it yourself.').waitFor();
  });

  test('item 17: another window, even one with our own page in it, is not answered', async () => {
    const created = app.page.context().waitForEvent('page');
    await app.evaluate(async ({ BrowserWindow }) => {
      const preload = BrowserWindow.getAllWindows()[0]?.webContents.getLastWebPreferences();
      const other = new BrowserWindow({ show: false, webPreferences: { ...preload } });
      await other.loadURL('app://charloom/index.html');
    }, null);
    const other = await created;
    await other.waitForLoadState();
    const ask = (): Promise<unknown> => charloom.request('settings.get', null);
    expect(await other.evaluate(ask)).toMatchObject({ ok: false, failure: { code: 'usage' } });
    expect(await app.page.evaluate(ask)).toMatchObject({ ok: true });
    await app.evaluate(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[1]?.close(), null);
  });

  test('item 19: the fuses of the packaged application', () => {
    const configuration = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    const fuses = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(configuration)?.[1];
    const lines = fuses?.trim().split(/\n\s*/);
    expect(lines?.filter((line) => !line.startsWith('#'))).toEqual([
      'runAsNode: false',
      'enableCookieEncryption: false',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'loadBrowserProcessSpecificV8Snapshot: false',
      'grantFileProtocolExtraPrivileges: false',
      // No fuse: without a new signature, Apple silicon does not run a program with changed fuses.
      'resetAdHocDarwinSignature: true',
    ]);
  });

  test('item 20: a page gets seven functions and nothing of Electron', async () => {
    const bridge = await app.page.evaluate(() => ({
      names: Object.keys(charloom).toSorted(),
      kinds: Object.values(charloom).map((value) => typeof value),
      isFrozen: Object.isFrozen(charloom),
    }));
    expect(bridge).toEqual({
      names: ['addPart', 'addText', 'connect', 'exportCheckpoint', 'importModel', 'request', 'saveExport'],
      kinds: Array.from({ length: 7 }, () => 'function'),
      isFrozen: true,
    });
    expect(await app.page.evaluate('typeof electron + typeof ipcRenderer + typeof module')).toBe(
      'undefinedundefinedundefined',
    );
  });

  test('crash reports stay on this computer', async () => {
    if (app.kind === 'double') {
      const started = await app.evaluate(({ crashReporter }) => crashReporter.started, null);
      expect(started).toEqual({ uploadToServer: false });
    } else {
      const uploads = await app.evaluate(
        ({ crashReporter }) =>
          (crashReporter as unknown as { getUploadToServer(): boolean }).getUploadToServer(),
        null,
      );
      expect(uploads).toBe(false);
    }
  });
});
