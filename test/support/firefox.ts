import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firefox as playwright, type Browser, type Page } from 'playwright-core';
import type { OtherBrowser, OtherPage } from './other-page.ts';
import { savedFile, type SavedFile } from './saved-file.ts';
import { temporaryFolder } from './texts.ts';
import type { Key } from './webdriver.ts';

const programs = ['firefox-esr', 'firefox'];
const program = process.env['CHARLOOM_FIREFOX'] ?? programs.map(pathOf).find((path) => path !== '');

/** A page reports what its policy forbids to itself; the protocol reports it to nobody. */
const reportViolations = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('policy:', violatedDirective, blockedURI))`;

const keys: Readonly<Record<Key, string>> = {
  ...{ ArrowRight: 'ArrowRight', Enter: 'Enter', Escape: 'Escape', Space: 'Space' },
  ...{ Paste: 'Control+V', SelectAll: 'Control+A' },
};

/** The Firefox that people have, through WebDriver BiDi. */
export const firefox: OtherBrowser = {
  name: 'Firefox',
  whyNot: program === undefined ? 'there is no firefox-esr or firefox here (Debian: firefox-esr)' : undefined,
  start: async () => {
    const saved = temporaryFolder('firefox-saved');
    const browser = await playwright.launch({
      channel: 'moz-firefox',
      executablePath: bridged(program ?? ''),
      downloadsPath: saved,
    });
    const context = await browser.newContext({
      viewport: { width: 1100, height: 800 },
      acceptDownloads: true,
    });
    await context.addInitScript(reportViolations);
    return new FirefoxPage(browser, await context.newPage(), saved);
  },
};

class FirefoxPage implements OtherPage {
  readonly browser: string;
  readonly complaints: string[] = [];
  readonly requests: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;
  /** Where the browser saves files. */
  readonly #saved: string;

  constructor(browser: Browser, page: Page, saved: string) {
    this.#saved = saved;
    this.browser = `Firefox ${browser.version()}`;
    this.#browser = browser;
    this.#page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('request', (request) => {
      if (/^(?:https?|wss?):/u.test(request.url())) this.requests.push(request.url());
    });
  }

  async open(address: string): Promise<void> {
    await this.#page.goto(address);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.#page.evaluate<T>(expression);
  }

  async waitFor(place: string, timeout = 10_000): Promise<void> {
    await this.#at(place).waitFor({ timeout });
  }

  async click(place: string): Promise<void> {
    await this.#at(place).click();
  }

  async fill(place: string, text: string): Promise<void> {
    // Playwright's own way adds to what is in a field of numbers.
    await this.#at(place).press('Control+A');
    await this.#page.keyboard.press('Delete');
    await this.#page.keyboard.type(text);
  }

  async press(place: string, key: Key): Promise<void> {
    await this.#at(place).press(keys[key]);
  }

  async clickAt(x: number, y: number): Promise<void> {
    await this.#page.mouse.click(x, y);
  }

  save(place: string): Promise<SavedFile> {
    return savedFile(this.#saved, () => this.click(place));
  }

  async resize(width: number): Promise<void> {
    await this.#page.setViewportSize({ width, height: 800 });
  }

  async picture(path: string): Promise<void> {
    // Playwright adds a style meanwhile, which the page's policy forbids.
    const { length } = this.complaints;
    await this.#page.screenshot({ path });
    this.complaints.length = length;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  #at(place: string) {
    return this.#page.locator(`xpath=${place}`).filter({ visible: true }).first();
  }
}

/** A program that starts Firefox by the bridge. */
function bridged(path: string): string {
  const starter = join(temporaryFolder('firefox'), 'firefox');
  const words = [process.execPath, join(import.meta.dirname, 'firefox-bridge.ts'), path];
  writeFileSync(starter, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(starter, 0o755);
  return starter;
}

function pathOf(name: string): string {
  return spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim() ?? '';
}
