import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../test/support/chromium.ts';
import { makeRuns } from '../test/support/many-runs.ts';
import { charloom } from '../test/support/processes.ts';
import { Served } from '../test/support/served.ts';

/**
 * Measures how long a library of many runs takes to be listed, and to appear on Home, the first time and once its summaries are cached: `npm run
 * bench:library -- 1000`.
 */
const count = Number(process.argv[2] ?? 1000);
const home = mkdtempSync(join(tmpdir(), 'charloom-library-'));
try {
  await makeRuns(home, count);
  await lookAtHome('nothing kept');
  forget();
  await listRuns('nothing kept');
  await listRuns('kept');
  await lookAtHome('kept');
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Empties the cache, as if Charloom saw the runs for the first time. */
function forget(): void {
  rmSync(join(home, 'cache'), { recursive: true, force: true });
}

async function listRuns(what: string): Promise<void> {
  const started = performance.now();
  const { code, stdout } = await charloom(['runs', '--json'], { env: { CHARLOOM_HOME: home } });
  const listed = (JSON.parse(stdout) as { readonly runs: readonly unknown[] }).runs.length;
  console.log(`charloom runs --json, ${listed} runs, ${what}: ${took(started)} (exit code ${code})`);
}

/** Measures what a user waits for: the newest runs on Home, all runs in the list, and the same again after a reload. */
async function lookAtHome(what: string): Promise<void> {
  const served = await Served.start([], { env: { CHARLOOM_HOME: home } });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const runs = page.getByRole('heading', { name: 'Your runs' });
    const whole = page.locator(`table[aria-rowcount="${count + 1}"]`);
    const training = page.getByRole('link', { name: 'Training', exact: true });
    const opened = performance.now();
    await page.goto(served.addressWithToken);
    await runs.waitFor();
    console.log(`Home, ${count} runs, ${what}: ${took(opened)}`);
    await training.click();
    await page.getByRole('table').waitFor();
    console.log(`  first rows of the list: ${took(opened)} after opening`);
    await whole.waitFor();
    console.log(`  all rows of the list: ${took(opened)} after opening`);
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await runs.waitFor();
    const reloaded = performance.now();
    await page.reload();
    await runs.waitFor();
    console.log(`  Home, reloaded: ${took(reloaded)}`);
    const turned = performance.now();
    await training.click();
    await whole.waitFor();
    console.log(`  list, from Home: ${took(turned)}`);
  } finally {
    await browser.close();
    served.running.process.kill('SIGINT');
    await served.running.finished;
  }
}

function took(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(2)} s`;
}
