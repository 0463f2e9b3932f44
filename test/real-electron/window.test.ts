import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask } from '../support/electron-asks.ts';

const places = ['#/', '#/data', '#/runs', '#/write', '#/settings', '#/glossary'];

/** Checks 1 to 4: the window and its pages. */
describe.skipIf(!hasChromium && electronKind === 'double')(`the window (${electronKind})`, () => {
  let app: ElectronApp;
  const complaints: string[] = [];
  beforeAll(async () => {
    app = await startElectronApp();
    app.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    app.page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(() => app.close());

  const heading = () => app.page.getByRole('heading', { level: 1 }).first();

  test('1: the page loads under its own scheme', async () => {
    await heading().waitFor({ timeout: 20_000 });
    const address = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
      null,
    );
    expect(address).toMatch(/^app:\/\/charloom\//);
  });

  test('2: it is visible on the display that it was started on', async () => {
    const visible = (): Promise<boolean | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(), null);
    await expect.poll(visible).toBe(true);
    expect(await app.page.evaluate('document.visibilityState')).toBe('visible');
    expect(await app.page.evaluate('innerWidth')).toBeGreaterThan(600);
    if (app.kind === 'double') return;
    // Chromium falls back to another display server in silence: what was asked for must be what is there.
    const words = await app.evaluate(() => process.argv, null);
    const wanted = process.env['CHARLOOM_ELECTRON_WORDS']?.includes('wayland') ?? false;
    expect(words.some((word) => word === '--ozone-platform=wayland')).toBe(wanted);
    if (wanted) expect(process.env['DISPLAY'] ?? '').toBe('');
  });

  test('3: no page breaks the policy, misses a module or logs an error', async () => {
    await app.page.reload();
    for (const place of places) {
      await app.page.evaluate(`location.hash = '${place}'`);
      await heading().waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test('4: requests are answered and streams delivered, also after a reload', async () => {
    for (const theme of ['dark', 'light'] as const) {
      expect(await ask(app, 'settings.change', { theme })).toMatchObject({ theme });
      // Pages hear of it by their stream alone.
      await app.page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
      await app.page.reload();
      await app.page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
    }
  });

  test('nothing alarming is printed on stderr', () => {
    const worrying = app
      .errors()
      .split('\n')
      .filter((line) => /FATAL|Error|CSP|sandbox/i.test(line));
    // Chromium itself speaks of graphics cards and buses that a machine without a desktop does not have.
    expect(worrying.filter((line) => !/^\[\d+:\d+.*(gpu|dbus|gl_|vaapi|viz|angle|egl)/i.test(line))).toEqual(
      [],
    );
  });
});
