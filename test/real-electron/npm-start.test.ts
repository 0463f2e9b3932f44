import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { electronKind } from '../support/electron-app.ts';
import { electronWords } from '../support/electron-words.ts';
import { root } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

/**
 * Check 13: `npm start` opens Electron's own window. With its program missing there is nothing to open; what is said instead is in
 * test/integration/start.test.ts.
 */
test.skipIf(electronKind === 'double').each([
  ['from a folder with spaces', {}],
  ['also where Electron was told to be Node.js', { ELECTRON_RUN_AS_NODE: '1' }],
])(`13: npm start opens the window, %s (${electronKind})`, async (_, environment) => {
  const home = temporaryFolder('npm start');
  const checkout = join(home, 'my own Charloom');
  symlinkSync(root, checkout, 'junction');
  const words = ['--remote-debugging-port=0', ...electronWords(join(home, 'userData'))];
  const env = {
    ...process.env,
    CHARLOOM_HOME: join(home, 'charloom'),
    ELECTRON_OVERRIDE_DIST_PATH: undefined,
  };
  const child = spawn(process.execPath, [join(checkout, 'scripts/start.js'), ...words], {
    env: { ...env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A separate process group, as a terminal gives every command.
    detached: process.platform !== 'win32',
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  await expect
    .poll(() => pagesOf(join(home, 'userData')), { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(/^app:\/\/charloom\//));
  if (process.platform === 'win32') {
    // Without a console there is no Ctrl-C.
    execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    return;
  }
  // Once to everybody in the group, as Ctrl-C in a terminal.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect((await ended)[0], said).toBe(0);
  expect(said).not.toMatch(/^charloom:/m);
});

/** Addresses of the windows that Chromium reports on its debugging port; none while there is no port yet. */
async function pagesOf(userData: string): Promise<readonly string[]> {
  const file = join(userData, 'DevToolsActivePort');
  if (!existsSync(file)) return [];
  const [port] = readFileSync(file, 'utf8').split('\n');
  const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
  const listed = (await response?.json()) as readonly { readonly url: string }[] | undefined;
  return listed?.map(({ url }) => url) ?? [];
}

/** Where the system allows no sandbox, as Ubuntu by default: the workflow that says so (CHARLOOM_APPARMOR) does not change that. */
test.skipIf(electronKind === 'double' || process.env['CHARLOOM_APPARMOR'] !== 'on')(
  `13: npm start says what the window lacks where AppArmor forbids its sandbox, and opens a browser (${electronKind})`,
  async () => {
    const home = temporaryFolder('apparmor');
    const env = { ...process.env, CHARLOOM_HOME: home, ELECTRON_OVERRIDE_DIST_PATH: undefined };
    const child = spawn(process.execPath, [join(root, 'scripts/start.js'), '--no-open'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    const serving = new Promise<boolean>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('Charloom is at http://')) resolve(true);
      });
      child.once('exit', () => resolve(false));
    });
    expect(await serving, said).toBe(true);
    expect(said).toMatch(/^charloom: .*(AppArmor|sandbox)/m);
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
  },
);
