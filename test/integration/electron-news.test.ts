import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { hasChromium } from '../support/chromium.ts';
import { electronKind, startElectronApp, type ElectronApp } from '../support/electron-app.ts';
import { ask } from '../support/electron-asks.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

const home = temporaryFolder('electron-news');
const text = writeText(home, 'weaver.txt', story);

// What the task bar and the system's messages show can be asked of the double alone.
describe.skipIf(!hasChromium || electronKind === 'electron')(
  'notifications of the desktop application',
  () => {
    let app: ElectronApp;
    beforeAll(async () => {
      app = await startElectronApp({ home, words: [text] });
      await app.page.getByRole('heading', { level: 1 }).first().waitFor();
    });
    afterAll(async () => {
      await app.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });

    async function start(name: string, settings: Partial<RunSettings> = {}): Promise<void> {
      // The text that it was started with is being taken in.
      await expect.poll(async () => (await ask(app, 'texts.list', null))[0]?.path).toBe(text);
      const id = (await ask(app, 'texts.list', null))[0]?.id ?? '';
      const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
      const run = { ...quick, name, ...settings };
      await ask(app, 'runs.start', { requests: [{ text: id, settings: run, ...common }] });
    }

    /** The id of the run of this name, as soon as it is in this state. */
    async function reach(name: string, state: string): Promise<string> {
      const find = async () =>
        (await ask(app, 'runs.list', null)).find((run) => run.name === name && run.state === state)?.id;
      await expect.poll(find, { timeout: 20_000 }).toBeTypeOf('string');
      return (await find()) ?? '';
    }

    const turnAway = (): Promise<void> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur(), null);
    const progress = (): Promise<{ readonly value: number; readonly mode: string } | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.progress, null);
    const messages = (): Promise<readonly { readonly title: string; readonly body: string }[]> =>
      app.evaluate(
        ({ Notification }) => Notification.shown.map(({ title, body }) => ({ title, body })),
        null,
      );
    const toolTip = (): Promise<string | undefined> =>
      app.evaluate(({ Tray }) => [...Tray.all][0]?.toolTip, null);

    test('do not appear while the window is in front', async () => {
      await start('seen');
      await reach('seen', 'finished');
      await app.page.getByText('“seen” is finished').waitFor();
      expect(await messages()).toEqual([]);
      expect(await progress()).toEqual({ value: -1, mode: 'none' });
    });

    test('show progress and pauses in the task bar and the title', async () => {
      await start('endless', endless);
      const id = await reach('endless', 'running');
      await expect.poll(async () => (await progress())?.mode).toBe('normal');
      await expect.poll(async () => (await progress())?.value).toBeGreaterThan(0);
      expect((await progress())?.value).toBeLessThan(0.5);
      await expect.poll(() => app.page.title()).toMatch(/^\d+ % · endless · Charloom$/);
      await ask(app, 'runs.pause', { run: id });
      await expect.poll(async () => (await progress())?.mode).toBe('paused');
      await expect.poll(() => app.page.title()).toMatch(/^Paused at \d+ % · endless · Charloom$/);
      await ask(app, 'runs.continue', { run: id });
      await expect.poll(async () => (await progress())?.mode).toBe('normal');
    });

    test('report a run that waits on battery, if the setting asks for it', async () => {
      const power = (event: 'on-battery' | 'on-ac'): Promise<unknown> =>
        app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
      await ask(app, 'settings.change', { pauseOnBattery: true });
      await power('on-battery');
      await expect.poll(async () => (await progress())?.mode).toBe('paused');
      await app.page.getByText('the computer is on battery').waitFor();
      await power('on-ac');
      await expect.poll(async () => (await progress())?.mode).toBe('normal');
      await ask(app, 'settings.change', { pauseOnBattery: false });
    });

    test('show progress at the background icon', async () => {
      await ask(app, 'settings.change', { onClose: 'background' });
      await app.evaluate(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[0]?.close(), null);
      await expect.poll(toolTip).toMatch(/^Charloom · \d+ % · endless$/);
    });

    test('report a crash, and the task bar stays red until the window is opened', async () => {
      const id = await reach('endless', 'running');
      const lock = JSON.parse(readFileSync(join(home, 'charloom', 'runs', id, 'run.lock'), 'utf8')) as {
        holder: { pid: number };
      };
      process.kill(lock.holder.pid, 'SIGKILL');
      await expect
        .poll(messages)
        .toMatchObject([
          { title: 'A run was interrupted', body: expect.stringContaining('“endless”') as unknown },
        ]);
      expect(await progress()).toEqual({ value: 1, mode: 'error' });
      expect(await toolTip()).toContain('“endless” was interrupted');
      await app.evaluate(({ Notification }) => void Notification.shown[0]?.emit('click'), null);
      await app.page.getByRole('heading', { level: 1, name: 'endless' }).waitFor();
      expect(app.page.url()).toContain(`#/runs/${id}`);
      expect(await progress()).toEqual({ value: -1, mode: 'none' });
      expect(await app.evaluate(({ Tray }) => Tray.all.size, null)).toBe(0);
    });

    test('report a finished run, unless the setting turns them off', async () => {
      await turnAway();
      await ask(app, 'settings.change', { tellWhenDone: false });
      await start('silent');
      await reach('silent', 'finished');
      await ask(app, 'settings.change', { tellWhenDone: true });
      await start('heard');
      await expect.poll(messages, { timeout: 20_000 }).toHaveLength(2);
      expect((await messages())[1]).toMatchObject({
        title: 'A run is finished',
        body: expect.stringMatching(/^“heard” is finished\. Best validation loss \d\.\d+\.$/) as unknown,
      });
      expect(await progress()).toEqual({ value: -1, mode: 'none' });
    });
  },
);
