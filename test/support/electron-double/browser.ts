import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type BrowserContext } from 'playwright-core';

export interface DoubleBrowser {
  readonly context: BrowserContext;
  /** Where the test connects to the same Chromium. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts Chromium so that two processes may drive it. */
export async function openBrowser(): Promise<DoubleBrowser> {
  const { path, flags } = JSON.parse(process.env['CHARLOOM_DOUBLE_CHROMIUM'] ?? '{}') as {
    readonly path: string;
    readonly flags: readonly string[];
  };
  const profile = mkdtempSync(join(tmpdir(), 'charloom-double-'));
  const words = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...flags];
  const child = spawn(path, [...words, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  process.on('exit', () => {
    child.kill('SIGKILL');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  let endpoint = '';
  for await (const line of createInterface({ input: child.stderr })) {
    endpoint = /DevTools listening on (ws:\S+)/.exec(line)?.[1] ?? '';
    if (endpoint !== '') break;
  }
  child.stderr.resume();
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('Chromium has no context.');
  return { context, endpoint, close: () => browser.close() };
}

/** `app://charloom/x` as Chromium sees it, `https://charloom.test/x`: an origin of the same kind. */
export function toBrowser(address: string): string {
  return address.replace(/^app:\/\/(charloom|graphics)(?=\/|$)/, 'https://$1.test');
}

/** What Chromium shows as the application knows it. */
export function toApp(address: string): string {
  return address.replace(/^https:\/\/(charloom|graphics)\.test(?=\/|$)/, 'app://$1');
}
