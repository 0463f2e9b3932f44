import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { root } from './processes.ts';
import { Served } from './served.ts';

const pictures = join(root, 'test/output/screens');
export type Theme = 'light' | 'dark';

/** The built workbench as a user sees it: `charloom serve` on its own folders, and a window of Chromium on it. */
export class WorkbenchWindow {
  readonly served: Served;
  readonly page: Page;
  /** Everything that the page complained about on its console. */
  readonly complaints: readonly string[];
  /** Charloom's own folder, for tests that put something into it. */
  readonly home: string;
  readonly #browser: Browser;

  private constructor(served: Served, page: Page, home: string, browser: Browser, complaints: string[]) {
    this.served = served;
    this.page = page;
    this.home = home;
    this.#browser = browser;
    this.complaints = complaints;
  }

  /**
   * @param prepare may fill Charloom's folder before it starts
   */
  static async open(
    options: {
      readonly width?: number;
      readonly height?: number;
      readonly prepare?: (home: string) => void | Promise<void>;
      /** Added to what the server's processes are started with. */
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<WorkbenchWindow> {
    const { width = 1100, height = 800, prepare, env = {} } = options;
    const home = mkdtempSync(join(tmpdir(), 'charloom-window-'));
    await prepare?.(home);
    const served = await Served.start([], { env: { ...env, CHARLOOM_HOME: home } });
    const browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(served.addressWithToken);
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    return new WorkbenchWindow(served, page, home, browser, complaints);
  }

  /** Goes to a place as its links do, `#/runs`, and waits for its heading. */
  async go(place: string): Promise<void> {
    await this.page.goto(`${this.served.address}/${place}`);
    await this.page.locator('main h1').waitFor();
  }

  /** Drops a file onto the window. */
  async drop(name: string, content: string | Uint8Array): Promise<void> {
    await this.dropAll({ [name]: content });
  }

  /** Drops several files together. */
  async dropAll(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const contents = Object.entries(files).map(([name, content]) => {
      return { name, base64: Buffer.from(content).toString('base64') };
    });
    const transfer = await this.page.evaluateHandle((all) => {
      const data = new DataTransfer();
      for (const { name, base64 } of all) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      return data;
    }, contents);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await this.page.dispatchEvent('body', type, { dataTransfer: transfer });
    }
  }

  /** Turns the page light or dark, as the settings page does. */
  async turn(theme: Theme): Promise<void> {
    await this.served.request('settings.change', { theme });
    await this.page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' });
  }

  /** Checks accessibility in both themes, and takes a screenshot of each: `test/output/screens/<name>-<theme>.png`. */
  async check(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    for (const theme of ['dark', 'light'] as const) {
      await this.turn(theme);
      await this.#wholePage(join(pictures, `${name}-${theme}.png`));
      const violations = await violationsOn(this.page);
      const found = violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n${nodes.map(({ html, target }) => `  ${target.join(' ')}: ${html}`).join('\n')}`,
      );
      expect(found, `${name}, ${theme}`).toEqual([]);
    }
    expect(await this.overflow(), `${name} is wider than its window`).toBeLessThanOrEqual(0);
  }

  /**
   * The top of a page, without messages: a picture for the guide (scripts/copy-pictures.ts).
   * @param height pixels of the window, if the important part is further down
   */
  async picture(name: string, height?: number): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    const messages = this.page.getByRole('button', { name: 'Close this message' });
    while ((await messages.count()) > 0) await messages.first().click();
    const before = this.page.viewportSize();
    if (height !== undefined) await this.page.setViewportSize({ width: before?.width ?? 1200, height });
    // Charts are drawn at most four times a second. Nothing is asserted on a picture.
    await this.page.waitForTimeout(600);
    await this.scrollTo(0);
    await this.page.screenshot({ path: join(pictures, `guide-${name}.png`) });
    if (height !== undefined && before !== null) await this.page.setViewportSize(before);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.served.running.process.kill('SIGINT');
    await this.served.running.finished;
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Scrolls the page: 0 is its top, 1 its end. */
  async scrollTo(share: number): Promise<void> {
    await this.page.locator('.scroller').evaluate((scroller, part) => {
      scroller.scrollTo({ top: part * (scroller.scrollHeight - scroller.clientHeight), behavior: 'instant' });
    }, share);
  }

  /** Pixels by which the page is wider than its window: scrolling two ways is what reflow must spare people. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>(`Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.scroller')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    )`);
  }

  /** A picture of all of the page, also of what is scrolled to: for as long, the window is as high as the page. */
  async #wholePage(path: string): Promise<void> {
    const before = this.page.viewportSize();
    const hidden = await this.page.locator('.scroller').evaluate((scroller) => {
      return scroller.scrollHeight - scroller.clientHeight;
    });
    if (before !== null && hidden > 0) {
      await this.page.setViewportSize({ ...before, height: before.height + hidden });
    }
    await this.page.screenshot({ path });
    if (before !== null && hidden > 0) await this.page.setViewportSize(before);
  }
}
