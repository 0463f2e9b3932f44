import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, startNode, type Running } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

/** `npm start`, on a machine with or without a screen and an Electron. */
function start(env: Readonly<Record<string, string>>, ...words: readonly string[]): Running {
  return startNode([join(root, 'scripts/start.js'), ...words], {
    // An address without a server: no test downloads Electron.
    env: { CHARLOOM_HOME: temporaryFolder('start'), ELECTRON_MIRROR: 'http://127.0.0.1:3/', ...env },
  });
}

/** A program in Electron's place. */
function electronThat(script: string): string {
  const folder = temporaryFolder('fake-electron');
  const program = join(folder, 'electron');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return folder;
}

async function endOf(running: Running): Promise<{ readonly code: number | null; readonly said: string }> {
  await running.line((line) => line.startsWith('Charloom is at http://127.0.0.1:'));
  running.process.kill('SIGINT');
  const { code, stderr } = await running.finished;
  return { code, said: stderr };
}

const screen = { DISPLAY: ':99', WAYLAND_DISPLAY: '' };
const noScreen = { DISPLAY: '', WAYLAND_DISPLAY: '' };
const isRestricted = existsSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('starts Electron with its arguments where it is installed, and exits with its code', async () => {
    const running = start(
      { ...screen, ELECTRON_OVERRIDE_DIST_PATH: electronThat('echo "$@"; exit 0') },
      'novel.txt',
    );
    expect(await running.finished).toMatchObject({ code: 0, stdout: `${root} novel.txt\n`, stderr: '' });
  });

  test('starts it as Electron in the terminal of an editor, which would make it run as Node.js', async () => {
    const electron = electronThat('echo "as node: $ELECTRON_RUN_AS_NODE"; exit 0');
    const running = start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron, ELECTRON_RUN_AS_NODE: '1' });
    expect(await running.finished).toMatchObject({ code: 0, stdout: 'as node: \n' });
  });

  test('passes Electron’s output through while its window is open', async () => {
    const electron = electronThat('echo "a remark" >&2; exit 0');
    const running = start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron });
    expect(await running.finished).toMatchObject({ code: 0, stderr: 'a remark\n' });
  });

  test('says why and opens the browser host when there is no screen', async () => {
    const electron = electronThat('echo must not run >&2');
    const { code, said } = await endOf(
      start({ ...noScreen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--no-open'),
    );
    expect([code, said]).toEqual([
      0,
      'charloom: There is no display here, so Charloom opens in a browser instead; a window needs a terminal on a desktop, where DISPLAY or WAYLAND_DISPLAY is set.\n',
    ]);
  });

  test('does the same when Electron is not installed', async () => {
    const { code, said } = await endOf(
      start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' }, '--no-open'),
    );
    expect(code).toBe(0);
    expect(said).toMatch(
      /^charloom: Electron could not be fetched \(.*127\.0\.0\.1:3\S*\), so Charloom opens in a browser instead; /m,
    );
  });

  test.each([
    ['exit 127', 'charloom: Electron could not open a window, so Charloom opens in a browser instead.\n'],
    [
      'echo "something odd" >&2; exit 1',
      'something odd\ncharloom: Electron could not open a window, so Charloom opens in a browser instead.\n',
    ],
    [
      'echo "[1:2/3:FATAL:electron_main_delegate.cc(294)] Running as root without --no-sandbox is not supported. See https://crbug.com/638180." >&2; exit 1',
      'charloom: Electron opens no window for the user root, whom it would have to trust every page, so Charloom opens in a browser instead; started as an ordinary user it opens one.\n',
    ],
    [
      'echo "electron: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file or directory" >&2; exit 127',
      'charloom: This system has no libnss3.so, which Electron needs, so Charloom opens in a browser instead; its package manager has a package with it.\n',
    ],
    [
      'echo "[1:2/3:ERROR:ozone_platform_x11.cc(249)] Missing X server or \\$DISPLAY" >&2; exit 1',
      'charloom: The display :99 cannot be reached, so Charloom opens in a browser instead; a terminal of the desktop itself, of the person who is signed in there, can reach it.\n',
    ],
  ])('says why Electron opens no window, and opens the browser host: %s', async (script, sentence) => {
    const electron = electronThat(script);
    const { code, said } = await endOf(
      start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--no-open'),
    );
    expect([code, said]).toEqual([0, sentence]);
  });

  test.skipIf(isRestricted)('says how to allow the sandbox, with the path of the program', async () => {
    const electron = electronThat(
      'echo "[1:2/3:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found, but is not configured correctly." >&2; exit 133',
    );
    const { said } = await endOf(start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--no-open'));
    expect(said).toBe(
      `charloom: This system does not let Electron make its sandbox, so Charloom opens in a browser instead; "sudo chown root '${electron}/chrome-sandbox' && sudo chmod 4755 '${electron}/chrome-sandbox'" allows it for this copy of Electron.\n`,
    );
  });

  test('starts the browser host on request', async () => {
    const electron = electronThat('exit 1');
    const running = start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--browser', '--no-open');
    expect(await endOf(running)).toEqual({ code: 0, said: '' });
  });
});
