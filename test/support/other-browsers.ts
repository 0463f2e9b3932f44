import { describe } from 'vitest';
import { firefox } from './firefox.ts';
import type { OtherBrowser } from './other-page.ts';
import { webKit } from './webkit.ts';

/** The browsers of people that are not Chromium: Firefox, and WebKit, the engine of Safari. */
export const otherBrowsers: readonly OtherBrowser[] = [firefox, webKit];

/** A group of tests in each of them. What this machine lacks is said and skipped. */
export function describeInOtherBrowsers(subject: string, tests: (browser: OtherBrowser) => void): void {
  for (const browser of otherBrowsers) {
    const { name, whyNot } = browser;
    if (whyNot !== undefined) process.stderr.write(`${subject} in ${name}: SKIPPED, ${whyNot}.\n`);
    describe.skipIf(whyNot !== undefined)(`${subject} in ${name}`, () => tests(browser));
  }
}

/** Whether there is one of them. */
export const hasOtherBrowser = otherBrowsers.some(({ whyNot }) => whyNot === undefined);
