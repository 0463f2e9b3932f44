import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, startNode, type Running } from '../support/processes.ts';
import { temporaryFolder } from '../support/texts.ts';

/** `npm start`, on a machine with or without a screen and an Electron. */
function start(env: Readonly<Record<string, string>>, ...words: readonly string[]): Running {
  return startNode([join(root, 'scripts/start.js'), ...words], {
    // An address where nobody answers: no test fetches Electron.
    env: { CHARLOOM_HOME: temporaryFolder('start'), ELECTRON_MIRROR: 'http://127.0.0.1:9/', ...env },
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

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('opens Electron when it is there, with the words it was given, and ends as it ends', async () => {
    const running = start(
      { ...screen, ELECTRON_OVERRIDE_DIST_PATH: electronThat('echo "$@"; exit 0') },
      'novel.txt',
    );
    expect(await running.finished).toMatchObject({ code: 0, stdout: `${root} novel.txt\n`, stderr: '' });
  });

  test('says why and opens the browser host when there is no screen', async () => {
    const electron = electronThat('echo must not run >&2');
    const { code, said } = await endOf(
      start({ ...noScreen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--no-open'),
    );
    expect([code, said]).toEqual([
      0,
      'charloom: There is no display here: Charloom opens in a browser instead.\n',
    ]);
  });

  test('does the same when Electron cannot be had', async () => {
    const { code, said } = await endOf(
      start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' }, '--no-open'),
    );
    expect(code).toBe(0);
    expect(said).toContain('Electron could not be fetched: Charloom opens in a browser instead.');
  });

  test('does the same when Electron is there but opens no window', async () => {
    const electron = electronThat('exit 127');
    const { code, said } = await endOf(
      start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--no-open'),
    );
    expect([code, said]).toEqual([
      0,
      'charloom: Electron could not open a window: Charloom opens in a browser instead.\n',
    ]);
  });

  test('goes straight to the browser host when asked to', async () => {
    const electron = electronThat('exit 1');
    const running = start({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: electron }, '--browser', '--no-open');
    expect(await endOf(running)).toEqual({ code: 0, said: '' });
  });
});
