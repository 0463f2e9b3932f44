import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { WorkbenchWindow } from '../support/workbench-page.ts';
import { endless, quick, story } from '../support/workbench-runs.ts';

/**
 * Chromium's own notifications, recorded: a headless browser does not show them. The headless shell says `denied` in `Notification.permission` even
 * where it grants them, so permission is read where both Chromiums are right.
 */
const recordMessages = `
  const messages = [];
  window.messages = messages;
  window.asked = 0;
  let leave;
  navigator.permissions.query({ name: 'notifications' }).then((status) => (leave = status));
  const ask = Notification.requestPermission.bind(Notification);
  Notification.requestPermission = (...words) => (window.asked++, ask(...words));
  window.Notification = class extends Notification {
    static get permission() {
      return leave?.state.replace('prompt', 'default') ?? super.permission;
    }
    constructor(title, options) {
      super(title, options);
      messages.push(this);
    }
  };
`;

describe.skipIf(!hasChromium)('the progress of a run while its page is hidden', () => {
  let opened: WorkbenchWindow;
  let text = '';

  beforeAll(async () => {
    opened = await WorkbenchWindow.open({ width: 1100, height: 800 });
    await opened.page.addInitScript(recordMessages);
    await opened.page.reload();
    ({ id: text } = await opened.served.upload('weaver.txt', story));
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });

  async function start(name: string, settings: object = {}): Promise<void> {
    const common = { encoding: null, backend: 'wasm' as const, threads: 1, initializeFrom: null };
    await opened.served.request('runs.start', {
      requests: [{ text, settings: { ...quick, name, ...settings }, ...common }],
    });
  }

  const messages = (): Promise<readonly { readonly title: string; readonly body: string }[]> =>
    opened.page.evaluate('messages.map(({ title, body }) => ({ title, body }))');

  /**
   * Puts the window in the background. Another tab in front would not work in every Chromium: in the headless shell every page has its own window,
   * and all of them have the focus.
   */
  async function turnAway(): Promise<() => Promise<void>> {
    const { page } = opened;
    const session = await page.context().newCDPSession(page);
    // Playwright lets every page believe that it is looked at.
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    const { windowId } = await session.send('Browser.getWindowForTarget');
    const put = (windowState: 'minimized' | 'normal'): Promise<unknown> =>
      session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
    await put('minimized');
    await expect.poll(() => page.evaluate('document.hasFocus()')).toBe(false);
    return async () => {
      await put('normal');
      await page.bringToFront();
      await expect.poll(() => page.evaluate('document.hasFocus()')).toBe(true);
      await session.detach();
    };
  }

  test('is in the title of the tab', async () => {
    const { page, served } = opened;
    expect(await page.title()).toBe('Charloom');
    await start('endless', endless);
    await expect.poll(() => page.title()).toMatch(/^\d+ % · endless · Charloom$/);
    const [run] = await served.request('runs.list', null);
    await served.request('runs.pause', { run: run?.id ?? '' });
    await expect.poll(() => page.title()).toMatch(/^Paused at \d+ % · endless · Charloom$/);
    await served.request('runs.stop', { run: run?.id ?? '' });
    await expect.poll(() => page.title()).toBe('Charloom');
  });

  test('asks for no permission; without permission only the title reports the end', async () => {
    const { page } = opened;
    const turnBack = await turnAway();
    await start('quiet');
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('Finished · quiet · Charloom');
    expect(await page.evaluate('[asked, messages.length]')).toEqual([0, 0]);
    await turnBack();
    await expect.poll(() => page.title()).toBe('Charloom');
  });

  test('is a notification once it is allowed in the settings; a click opens the run', async () => {
    const { page } = opened;
    await opened.go('#/settings');
    const box = page.getByRole('checkbox', { name: 'Notify me when a run ends' });
    expect(await box.isChecked()).toBe(false);
    await page.context().grantPermissions(['notifications'], { origin: opened.served.address });
    await box.click();
    expect(await page.evaluate('asked')).toBe(1);
    await expect.poll(() => box.isChecked()).toBe(true);
    const turnBack = await turnAway();
    await start('loud');
    await expect.poll(messages, { timeout: 20_000 }).toHaveLength(1);
    expect((await messages())[0]).toMatchObject({
      title: 'Finished: loud',
      body: expect.stringContaining('Best validation loss') as unknown,
    });
    await page.evaluate("messages[0].dispatchEvent(new Event('click'))");
    await page.getByRole('heading', { level: 1, name: 'loud' }).waitFor();
    await turnBack();
  });

  test('is no notification while the page is visible, or after it was turned off', async () => {
    const { page } = opened;
    await start('watched');
    await page.getByText('“watched” is finished').waitFor();
    expect(await messages()).toHaveLength(1);
    await opened.go('#/settings');
    await page.getByRole('checkbox', { name: 'Notify me when a run ends' }).uncheck();
    await expect
      .poll(async () => (await opened.served.request('settings.get', null)).tellWhenDone)
      .toBe(false);
    const turnBack = await turnAway();
    await start('unheard');
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('Finished · unheard · Charloom');
    expect(await messages()).toHaveLength(1);
    await turnBack();
  });

  test('is explained where the browser refuses permission', async () => {
    const { page } = opened;
    // A headless browser does not ask: permissions that were not granted are refused.
    await page.context().clearPermissions();
    await page.reload();
    await opened.go('#/settings');
    const box = page.getByRole('checkbox', { name: 'Notify me when a run ends' });
    await box.click();
    await page.getByText('The browser blocks notifications for this page.').waitFor();
    expect(await box.isChecked()).toBe(false);
    await opened.check('settings-when-done-refused');
  });
});
