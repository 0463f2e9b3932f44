import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';

const systemPrograms = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Nothing here goes to the network, and containers have neither a user namespace nor a graphics card. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Found {
  readonly path: string;
  readonly from: string;
}

/** The Chromium for tests: the one that CHARLOOM_CHROMIUM names, the system's, else the one in an npm package. */
async function findChromium(): Promise<Found | undefined> {
  const chosen = process.env['CHARLOOM_CHROMIUM'];
  if (chosen === 'none') return undefined;
  if (chosen !== undefined) return { path: chosen, from: 'CHARLOOM_CHROMIUM' };
  const system = systemPrograms.find((path) => existsSync(path));
  if (system !== undefined) return { path: system, from: 'the system' };
  // The package's program is for Linux on x64 alone.
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    return { path: await packaged.executablePath(), from: 'an npm package' };
  } catch {
    return undefined;
  }
}

async function findWorkingChromium(): Promise<Found | undefined> {
  const found = await findChromium();
  if (found === undefined) return undefined;
  try {
    const browser = await chromium.launch(launchOptions(found));
    await browser.close();
    return found;
  } catch (error) {
    process.stderr.write(`Chromium from ${found.from} does not start: ${String(error).slice(0, 300)}\n`);
    return undefined;
  }
}

function launchOptions({ path }: Found): LaunchOptions {
  return { executablePath: path, args: flags, headless: true };
}

const found = await findWorkingChromium();
if (found === undefined) {
  const sentence = 'No Chromium: tests of pages are skipped. Install one, or name it in CHARLOOM_CHROMIUM.';
  // CI that skips what it was built to check would be green for nothing.
  if (process.env['CI'] !== undefined) throw new Error(sentence);
  process.stderr.write(`${sentence}\n`);
}

/** Whether there is a Chromium that starts. */
export const hasChromium = found !== undefined;

/** The program and flags, for whoever starts it elsewhere. */
export const chromiumProgram = { path: found?.path ?? '', flags } as const;

/** A group of tests that needs Chromium. */
export const describeInChromium: (name: string, tests: () => void) => void = describe.skipIf(!hasChromium);

/** Starts it. Whoever starts it closes it. */
export function launchChromium(): Promise<Browser> {
  if (found === undefined) throw new Error('There is no Chromium.');
  return chromium.launch(launchOptions(found));
}
