import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { startElectronApp } from './electron-app.ts';
import { keepEvidence } from './electron-evidence.ts';
import { electronWords, wordsOf } from './electron-words.ts';
import { packedApplication } from './packaged.ts';

/** The packed application, started as a person starts it. */
export interface PackedApp {
  readonly page: Page;
  readonly errors: () => string;
  /** Closes its window; resolves with the exit code. On macOS, where a program outlives its windows, it is asked to quit as well. */
  close(): Promise<number | null>;
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
}

/** The program that CHARLOOM_PACKED names: what a packager made for this system. Without it, what can be packed here runs with the double. */
export const packedProgram = process.env['CHARLOOM_PACKED'];

/** @returns the reason in words where there is nothing to start */
export async function startPackedApp(home: string): Promise<PackedApp | string> {
  if (packedProgram !== undefined) return startReal(packedProgram, home);
  const packed = await packedApplication();
  if (typeof packed === 'string') return packed;
  const app = await startElectronApp({ home, folder: packed.folder });
  return {
    page: app.page,
    errors: app.errors,
    close: async () => {
      await app.evaluate(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[0]?.close(), null);
      const code = await app.ended;
      await app.close();
      return code;
    },
    kill: () => app.close(),
  };
}

/**
 * By Chromium's own debugging port: the fuses that let Playwright into the main process are off in what people get, and what they get is
 * what is tried.
 */
async function startReal(program: string, home: string): Promise<PackedApp> {
  const words = [...wordsOf('CHARLOOM_PACKED_WORDS'), ...electronWords(join(home, 'userData'))];
  const env = { ...process.env, CHARLOOM_HOME: join(home, 'charloom') };
  const child = spawn(program, ['--remote-debugging-port=0', ...words], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  const endpoint = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`The packed application ended with ${code}: ${errors}`)));
  });
  const browser = await chromium.connectOverCDP(await endpoint);
  const context = browser.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (page === undefined) throw new Error('There is no window.');
  return {
    page,
    errors: () => errors,
    close: async () => {
      await keepEvidence(home, page, errors);
      await page.evaluate('window.close()').catch(() => undefined);
      if (process.platform === 'darwin') child.kill();
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
