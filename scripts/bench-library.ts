import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../test/support/chromium.ts';
import { makeRuns } from '../test/support/many-runs.ts';
import { charloom } from '../test/support/processes.ts';
import { Served } from '../test/support/served.ts';

/**
 * Says how long a library of many runs takes to be listed, and to be seen on Home, at first and once its summaries are kept: `npm run bench:library -- 1000`.
 */
const count = Number(process.argv[2] ?? 1000);
const home = mkdtempSync(join(tmpdir(), 'charloom-library-'));
try {
  await makeRuns(home, count);
  const env = { CHARLOOM_HOME: home };
  for (const look of ['first', 'second', 'third']) {
    const started = performance.now();
    const { code, stdout } = await charloom(['runs', '--json'], { env });
    const listed = (JSON.parse(stdout) as { readonly runs: readonly unknown[] }).runs.length;
    console.log(`charloom runs --json, ${listed} runs, ${look}: ${took(started)} (exit code ${code})`);
  }
  for (const look of ['first', 'second']) await lookAtHome(look);
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function lookAtHome(look: string): Promise<void> {
  const served = await Served.start([], { env: { CHARLOOM_HOME: home } });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const started = performance.now();
    await page.goto(served.addressWithToken);
    await page.getByRole('heading', { name: 'Your runs' }).waitFor();
    console.log(`Home, ${look}: ${took(started)}`);
    const again = performance.now();
    await page.reload();
    await page.getByRole('heading', { name: 'Your runs' }).waitFor();
    console.log(`Home, ${look}, reloaded: ${took(again)}`);
    await page.getByRole('link', { name: 'Training' }).click();
    const training = performance.now();
    await page.getByRole('table').waitFor();
    console.log(`Training, ${look}: ${took(training)}`);
  } finally {
    await browser.close();
    served.running.process.kill('SIGINT');
    await served.running.finished;
  }
}

function took(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(2)} s`;
}
