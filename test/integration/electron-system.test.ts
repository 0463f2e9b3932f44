import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runIn } from '../support/electron-asks.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

// What the system does to an application, and which of it only the double can be made to do.
describe.skipIf(!hasChromium || electronKind === 'electron')('the system around the application', () => {
  let app: ElectronApp;
  let home = '';
  afterEach(() => app.close());

  async function startTraining(): Promise<number> {
    home = temporaryFolder('electron-system');
    const novel = writeText(home, 'weaver.txt', story);
    app = await startElectronApp({ home, words: [novel] });
    await expect.poll(async () => (await ask(app, 'texts.list', null))[0]?.path).toBe(novel);
    const text = (await ask(app, 'texts.list', null))[0]?.id ?? '';
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await ask(app, 'runs.start', { requests: [{ text, settings: { ...quick, ...endless }, ...common }] });
    const run = await runIn(app, 'running');
    await expect.poll(async () => (await runIn(app, 'running')).iteration).toBeGreaterThan(0);
    const lock = readFileSync(join(home, 'charloom', 'runs', run.id, 'run.lock'), 'utf8');
    return (JSON.parse(lock) as { readonly holder: { readonly pid: number } }).holder.pid;
  }

  async function expectSaved(trainer: number): Promise<void> {
    expect(await app.ended).toBe(0);
    expect(() => process.kill(trainer, 0)).toThrow();
    await app.close();
    app = await startElectronApp({ home });
    expect((await runIn(app, 'stopped')).iteration).toBeGreaterThan(0);
  }

  test('with --no-sandbox it opens its window too', async () => {
    app = await startElectronApp({ words: ['--no-sandbox'] });
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await app.evaluate((electron) => electron.app.isSandboxed, null)).toBe(false);
  });

  test('under Wayland, where a hidden window is never painted, it is shown', async () => {
    app = await startElectronApp({ env: { CHARLOOM_DOUBLE_PAINTS: 'only what is shown' } });
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(), null))
      .toBe(true);
  });

  test('on Windows it has the identity of its program until it is installed', async () => {
    app = await startElectronApp();
    const id = await app.evaluate((electron) => electron.app.appUserModelId, null);
    expect(id).toBe(await app.evaluate(() => process.execPath, null));
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'a %s that arrives twice for one key press saves the run once, and ends every process',
    async (signal) => {
      const trainer = await startTraining();
      app.signal(signal);
      app.signal(signal);
      await expectSaved(trainer);
    },
  );

  test('signing out of Windows waits until the run is saved', async () => {
    const trainer = await startTraining();
    const isHeldUp = await app.evaluate(({ BrowserWindow }) => {
      const event = { isPrevented: false, preventDefault: () => void (event.isPrevented = true) };
      BrowserWindow.getAllWindows()[0]?.emit('query-session-end', event);
      return event.isPrevented;
    }, null);
    expect(isHeldUp).toBe(true);
    await expectSaved(trainer);
  });

  test('signing out does not wait where nothing trains', async () => {
    app = await startElectronApp();
    const isHeldUp = await app.evaluate(({ BrowserWindow }) => {
      const event = { isPrevented: false, preventDefault: () => void (event.isPrevented = true) };
      BrowserWindow.getAllWindows()[0]?.emit('query-session-end', event);
      return event.isPrevented;
    }, null);
    expect(isHeldUp).toBe(false);
  });

  test('quitting from a menu or the Dock saves and ends, too', async () => {
    const trainer = await startTraining();
    await ask(app, 'settings.change', { onClose: 'stop' });
    await app.evaluate((electron) => electron.app.quitFromSystem(), null);
    await expectSaved(trainer);
  });

  test('a compute process that cannot be launched is reported', async () => {
    app = await startElectronApp();
    await app.evaluate(({ utilityProcess }) => void (utilityProcess.launch = 'refused'), null);
    const [book] = await ask(app, 'texts.list', null);
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await ask(app, 'runs.start', { requests: [{ text: book?.id ?? '', settings: quick, ...common }] });
    await app.page.getByText('launch-failed').first().waitFor();
  });
});
