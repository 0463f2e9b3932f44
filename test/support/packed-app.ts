import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { startElectronApp } from './electron-app.ts';
import { keepEvidence } from './electron-evidence.ts';
import { plainWords, wordsOf } from './electron-words.ts';
import { packedApplication } from './packaged.ts';
import { root } from './processes.ts';

/** The packed application, started as a user starts it. */
export interface PackedApp {
  readonly page: Page;
  readonly errors: () => string;
  /** Closes its window; resolves with the exit code. On macOS, where a program outlives its windows, it is asked to quit as well. */
  close(): Promise<number | null>;
  /** Ends it immediately. */
  kill(): Promise<void>;
}

/** Where a packager leaves the program, from `dist` on. */
const leftAt = {
  folder:
    /^(linux-unpacked\/charloom|win-unpacked\/Charloom\.exe|mac[^/]*\/Charloom\.app\/Contents\/MacOS\/Charloom)$/,
  appimage: /^Charloom-[^/]*\.AppImage$/,
} as const;

/**
 * What a packager made for this system, as CHARLOOM_PACKED asks for it: `folder` (`npm run package -- --dir`) or `appimage`. Undefined when
 * it asks for nothing: then what can be packed here runs with the double.
 */
export const packedProgram = findPacked(process.env['CHARLOOM_PACKED']);

function findPacked(kind: string | undefined): string | undefined {
  if (kind === undefined) return undefined;
  if (kind !== 'folder' && kind !== 'appimage') throw new Error('CHARLOOM_PACKED is folder or appimage.');
  const dist = join(root, 'dist');
  const paths = globSync('{*,*/*,mac*/Charloom.app/Contents/MacOS/Charloom}', { cwd: dist });
  const found = paths.find((path) => leftAt[kind].test(path.split(sep).join('/')));
  if (found === undefined)
    throw new Error(`There is no packed application in ${dist}: npm run package makes it.`);
  return join(dist, found);
}

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
  const words = [...wordsOf('CHARLOOM_PACKED_WORDS'), ...plainWords(join(home, 'userData'))];
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
