import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { onceARun } from './once-a-run.ts';

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

/**
 * Where a Chromium may be, in the order of preference: the system's, the one in an npm package. CHARLOOM_CHROMIUM chooses: a program,
 * `package` for the npm package's, `none`.
 */
async function* candidates(): AsyncGenerator<Found> {
  const chosen = process.env['CHARLOOM_CHROMIUM'];
  if (chosen !== undefined && chosen !== 'package') {
    if (chosen !== 'none') yield { path: chosen, from: 'CHARLOOM_CHROMIUM' };
    return;
  }
  if (chosen === undefined) {
    for (const path of systemPrograms) if (existsSync(path)) yield { path, from: path };
  }
  // The package's program is for Linux on x64 alone.
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const { default: packaged } = await import('@sparticuz/chromium');
  yield { path: await packaged.executablePath(), from: 'an npm package' };
}

/** The first that really starts: some systems have a program of that name that only asks to install another. */
async function findWorkingChromium(): Promise<Found | null> {
  for await (const candidate of candidates()) {
    try {
      const browser = await chromium.launch(launchOptions(candidate));
      await browser.close();
      return candidate;
    } catch (error) {
      const reason = String(error).slice(0, 300);
      process.stderr.write(`Chromium from ${candidate.from} does not start: ${reason}\n`);
    }
  }
  return null;
}

function launchOptions({ path }: Found): LaunchOptions {
  return { executablePath: path, args: flags, headless: true };
}

const found = await onceARun('chromium', findWorkingChromium);
if (found === null) {
  const sentence = 'No Chromium: tests of pages are skipped. Install one, or name it in CHARLOOM_CHROMIUM.';
  // CI that skips what it was built to check would be green for nothing.
  if (process.env['CI'] !== undefined) throw new Error(sentence);
  process.stderr.write(`${sentence}\n`);
}

/** Whether there is a Chromium that starts. */
export const hasChromium = found !== null;

/** The program and flags, for tests that start it themselves. */
export const chromiumProgram = { path: found?.path ?? '', flags } as const;

/** A group of tests that needs Chromium. */
export const describeInChromium: (name: string, tests: () => void) => void = describe.skipIf(!hasChromium);

/** Starts it. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  if (found === null) throw new Error('There is no Chromium.');
  return chromium.launch(launchOptions(found));
}
