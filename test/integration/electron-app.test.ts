import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import { readTransfer } from '../../src/shared/ipc/transfers.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask, runIn } from '../support/electron-asks.ts';
import { temporaryFolder, wordyText, writeText } from '../support/texts.ts';

const home = temporaryFolder('electron');
/** Where electron-store keeps its file. */
const stateFile = join(home, 'userData', 'workbench.json');

function windowIsVisible(app: ElectronApp): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false, null);
}

/** Closes the window and gives this answer if asked. */
function closeWindow(app: ElectronApp, response: number, checkboxChecked = false): Promise<void> {
  return app.evaluate(
    ({ dialog, BrowserWindow }, answer) => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = (...words) => {
        asked.push(words.at(-1));
        return Promise.resolve(answer);
      };
      BrowserWindow.getAllWindows()[0]?.close();
    },
    { response, checkboxChecked },
  );
}

/** What the person was asked since the window was last closed. */
function asked(
  app: ElectronApp,
): Promise<readonly { readonly message: string; readonly buttons: string[] }[]> {
  return app.evaluate(() => (globalThis as unknown as { readonly asked: [] }).asked, null);
}

describe.skipIf(!hasChromium && electronKind === 'double')(
  `the desktop application (${electronKind})`,
  () => {
    let app: ElectronApp;
    const novel = writeText(home, 'novel.txt', wordyText(20_000));

    beforeAll(async () => {
      app = await startElectronApp({ home, words: [novel] });
    });
    afterAll(async () => {
      await app.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });

    test('opens a window with the pages', async () => {
      await app.page.getByRole('heading', { level: 1 }).first().waitFor();
      expect(await app.page.title()).toContain('Charloom');
      await expect.poll(() => windowIsVisible(app)).toBe(true);
      expect(await ask(app, 'app.info', null)).toMatchObject({ host: 'electron', canChooseFiles: true });
    });

    test('imports the text it was started with, and lists it among the recent documents', async () => {
      const titles = async (): Promise<string[]> =>
        (await ask(app, 'texts.list', null)).map(({ path }) => path);
      await expect.poll(titles).toContain(novel);
      if (app.kind === 'double') {
        await expect
          .poll(() => app.evaluate((electron) => electron.app.recentDocuments, null))
          .toEqual([novel]);
      }
    });

    test('a page transfers a file, not a path', async () => {
      const dropped = writeText(home, 'dropped.txt', wordyText(5000, 2));
      await app.page.evaluate(`{
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'test-file';
      document.body.append(input);
    }`);
      await app.page.setInputFiles('#test-file', dropped);
      if (app.kind === 'double') {
        // Chromium cannot provide a path; Electron can.
        await app.page.evaluate(`__charloomDoublePaths['dropped.txt'] = ${JSON.stringify(dropped)}`);
      }
      const add = "charloom.addText(document.getElementById('test-file').files[0])";
      expect(readTransfer('text', await app.page.evaluate(add))).toMatchObject({
        path: dropped,
        source: 'file',
      });
      const fromMemory = "charloom.addText(new File(['x'], 'memory.txt'))";
      expect(await app.page.evaluate(fromMemory)).toMatchObject({
        ok: false,
        failure: { code: 'not-found' },
      });
    });

    test('streams have a port of their own, which closes with the page', async () => {
      const first = `new Promise((resolve) => {
      const nonce = crypto.randomUUID();
      addEventListener('message', ({ data, ports, source }) => {
        if (source !== window || data.charloomPort !== nonce) return;
        ports[0].onmessage = (event) => resolve(event.data);
        ports[0].postMessage({ frame: 'open', id: 7, name: 'workbench.watch', params: null });
      });
      charloom.connect(nonce);
    })`;
      const item = await app.page.evaluate(first);
      expect(item).toMatchObject({ frame: 'item', id: 7, item: { kind: 'settings' } });
      await app.page.reload();
      expect(await app.page.evaluate(first)).toEqual(item);
      const unwanted = "charloom.connect('not a nonce')";
      expect(await app.page.evaluate(unwanted)).toMatchObject({ ok: false });
    });

    test('a page that crashes is reloaded at the same address, but not endlessly', async () => {
      if (app.kind !== 'double') return;
      await app.page.evaluate("location.hash = '#/settings'");
      await app.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await app.page.evaluate('window.isOld = true');
      const crash = (): Promise<void> =>
        app.evaluate(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
        }, null);
      await crash();
      await expect.poll(() => app.page.evaluate('window.isOld === undefined')).toBe(true);
      await app.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await app.page.evaluate('window.isOld = true');
      await crash();
      // This answer comes after the report: nothing else is pending.
      await ask(app, 'app.info', null);
      expect(await app.page.evaluate('window.isOld')).toBe(true);
      const log = readFileSync(join(home, 'userData', 'log.txt'), 'utf8');
      expect(log.match(/The page crashed \(crashed\)\./g)).toHaveLength(2);
    });

    test('sleep is prevented while a run trains in a utility process, and not while it is paused', async () => {
      const text = (await ask(app, 'texts.list', null)).find(({ path }) => path === novel)?.id ?? '';
      const settings = {
        ...defaultRunSettings,
        ...{ name: 'endless', batchSize: 8, sequenceLength: 25, rnnSize: 32, numLayers: 1 },
        ...{ trainFraction: 0.8, validationFraction: 0.2, maxEpochs: 10_000, evaluateEvery: 200 },
      };
      const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
      await ask(app, 'runs.start', { requests: [{ text, settings, ...common }] });
      await runIn(app, 'running');
      if (app.kind === 'double') {
        const blockers = (): Promise<number> =>
          app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.active.size, null);
        await expect.poll(blockers).toBe(1);
        const run = (await runIn(app, 'running')).id;
        await ask(app, 'runs.pause', { run });
        await expect.poll(blockers).toBe(0);
        await ask(app, 'runs.continue', { run });
        await expect.poll(blockers).toBe(1);
      }
    });

    test('closing the window while a run trains asks, and "Cancel" leaves everything as it is', async () => {
      await closeWindow(app, 3);
      await expect.poll(async () => (await asked(app)).length).toBe(1);
      expect((await asked(app))[0]).toMatchObject({
        message: 'A run is training.',
        buttons: ['Keep training in the background', 'Pause', 'Stop and save', 'Cancel'],
      });
      expect(await windowIsVisible(app)).toBe(true);
      expect((await runIn(app, 'running')).state).toBe('running');
    });

    test('in the background it keeps training, and an icon or a second start opens the window again', async () => {
      await closeWindow(app, 0);
      await expect.poll(() => windowIsVisible(app)).toBe(false);
      const { iteration } = await runIn(app, 'running');
      await expect
        .poll(async () => (await runIn(app, 'running')).iteration, { timeout: 10_000 })
        .toBeGreaterThan(iteration);
      if (app.kind === 'double') expect(await app.evaluate(({ Tray }) => Tray.all.size, null)).toBe(1);
      await app.evaluate(
        (electron) => void electron.app.emit('second-instance', {}, ['charloom'], '/'),
        null,
      );
      await expect.poll(() => windowIsVisible(app)).toBe(true);
      if (app.kind === 'double') expect(await app.evaluate(({ Tray }) => Tray.all.size, null)).toBe(0);
    });

    test('"Pause" pauses, and a remembered answer is not asked for again', async () => {
      await closeWindow(app, 1, true);
      await expect.poll(() => windowIsVisible(app)).toBe(false);
      const run = await runIn(app, 'paused');
      expect((await ask(app, 'settings.get', null)).onClose).toBe('pause');
      await app.evaluate((electron) => void electron.app.emit('activate', {}), null);
      await expect.poll(() => windowIsVisible(app)).toBe(true);
      await ask(app, 'runs.continue', { run: run.id });
      await runIn(app, 'running');
      await closeWindow(app, 3);
      await runIn(app, 'paused');
      expect(await asked(app)).toEqual([]);
      await ask(app, 'settings.change', { onClose: 'ask' });
      await ask(app, 'runs.continue', { run: run.id });
      await runIn(app, 'running');
    });

    test('"Stop and save" saves and ends; the next start finds run, settings and window', async () => {
      await ask(app, 'settings.change', { theme: 'dark' });
      const before = await runIn(app, 'running');
      await app.evaluate((electron) => void electron.app.emit('activate', {}), null);
      await closeWindow(app, 2);
      expect(await app.ended).toBe(0);
      await app.close();
      expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({
        settings: { theme: 'dark' },
        window: { isMaximized: false },
      });
      app = await startElectronApp({ home });
      const after = await runIn(app, 'stopped');
      expect(after.iteration).toBeGreaterThanOrEqual(before.iteration);
      expect(await ask(app, 'settings.get', null)).toMatchObject({ theme: 'dark' });
      expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource, null)).toBe('dark');
    });

    test('closing the window while nothing trains ends without a question', async () => {
      await closeWindow(app, 3);
      expect(await app.ended).toBe(0);
      await app.close();
    });

    test('damaged settings are moved aside, and the application starts', async () => {
      mkdirSync(join(home, 'userData'), { recursive: true });
      writeFileSync(stateFile, '{ "settings": ');
      app = await startElectronApp({ home });
      expect(await ask(app, 'settings.get', null)).toMatchObject({ theme: 'system' });
      const aside = readdirSync(join(home, 'userData')).filter((name) =>
        name.startsWith('workbench.damaged-'),
      );
      expect(aside).toHaveLength(1);
      expect(readFileSync(join(home, 'userData', 'log.txt'), 'utf8')).toContain(aside[0]);
    });

    test.skipIf(electronKind === 'electron')(
      'a second start ends immediately and does not disturb the first',
      async () => {
        const second = startElectronApp({ env: { CHARLOOM_DOUBLE_SECOND: '1' } });
        await expect(second).rejects.toThrow('did not start');
        expect(await ask(app, 'app.info', null)).toMatchObject({ host: 'electron' });
      },
    );
  },
);
