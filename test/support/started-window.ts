import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumProgram } from './chromium.ts';
import { root, Running } from './processes.ts';
import { temporaryFolder } from './texts.ts';

/** `npm start` as a terminal runs it, with Electron's double in the place of its program. */
export class StartedWindow {
  readonly running: Running;
  readonly home: string;
  readonly page: Page;
  readonly #browser: Browser;
  readonly #pidFile: string;

  private constructor(running: Running, home: string, browser: Browser, page: Page) {
    this.running = running;
    this.home = home;
    this.page = page;
    this.#browser = browser;
    this.#pidFile = join(home, 'pid');
  }

  static async open(): Promise<StartedWindow> {
    const home = temporaryFolder('started');
    const endpoint = join(home, 'endpoint');
    const child = spawn('npm', ['start'], {
      cwd: root,
      // A separate process group, as a terminal gives each command.
      detached: true,
      stdio: 'pipe',
      env: {
        ...process.env,
        ...{ DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: standIn(home) },
        ...{ CHARLOOM_HOME: join(home, 'charloom'), CHARLOOM_DOUBLE_HOME: home },
        CHARLOOM_DOUBLE_ENDPOINT: endpoint,
        CHARLOOM_DOUBLE_CHROMIUM: JSON.stringify(chromiumProgram),
      },
    });
    const running = new Running(child);
    try {
      // When this is started alone, without a build, it waits for that as well.
      await expect.poll(() => contentOf(endpoint), { timeout: 50_000 }).toMatch(/^ws:/);
    } catch (error) {
      endAll([-(child.pid ?? 0)]);
      throw error;
    }
    const browser = await chromium.connectOverCDP(contentOf(endpoint));
    const pages = browser.contexts().flatMap((context) => context.pages());
    const page = pages.find((each) => each.url().startsWith('https://charloom.test/'));
    if (page === undefined) throw new Error('There is no window.');
    await page.waitForLoadState();
    return new StartedWindow(running, home, browser, page);
  }

  /** The stand-in for Electron. */
  get pid(): number {
    return Number(contentOf(this.#pidFile));
  }

  /** A key press in a terminal: every process of the command's group is signalled. */
  press(signal: NodeJS.Signals): void {
    process.kill(-(this.running.process.pid ?? 0), signal);
  }

  async close(): Promise<void> {
    await this.#browser.close().catch(() => undefined);
    endAll([this.pid, -(this.running.process.pid ?? 0)]);
  }
}

function endAll(pids: readonly number[]): void {
  // Zero is everybody in this group.
  for (const pid of pids.filter((each) => each !== 0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended normally.
    }
  }
}

/** A program in place of Electron's. */
function standIn(home: string): string {
  const folder = temporaryFolder('stand-in');
  const program = join(folder, 'electron');
  const double = join(root, 'test/support/electron-double/run.ts');
  const main = join(root, 'out/main/index.js');
  // Its first word is the folder of the application, in whose place the double wants the built main process.
  writeFileSync(
    program,
    `#!/bin/sh\necho $$ > '${join(home, 'pid')}'\nshift\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${double}' '${main}' "$@"\n`,
  );
  chmodSync(program, 0o755);
  return folder;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
