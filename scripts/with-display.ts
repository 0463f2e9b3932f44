// node scripts/with-display.ts x11|wayland COMMAND...: runs a command on a virtual display, on Linux.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

interface Display {
  readonly server: ChildProcess;
  /** Environment variables by which the command finds it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Timeout in milliseconds for a display to appear. */
const displayTimeoutMs = 20_000;
/** The folder that end-to-end sessions also write to. */
const evidence = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test/output/electron');
const folder = mkdtempSync(join(tmpdir(), 'charloom-display-'));
chmodSync(folder, 0o700);

/** Xvfb, which chooses a free display number and reports it as soon as it listens. */
async function openX11(): Promise<Display> {
  const words = ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const told = server.stdio[3];
  if (told === null || told === undefined || !('readable' in told)) throw new Error('Xvfb tells no number.');
  const [number] = (await within(
    once(createInterface({ input: told as NodeJS.ReadableStream }), 'line'),
  )) as [string];
  return { server, environment: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: undefined } };
}

/** Weston without a screen. Its clients must be configured for Wayland, or they look for X11. */
async function openWayland(): Promise<Display> {
  const socket = 'charloom-wayland';
  const environment = { XDG_RUNTIME_DIR: folder, WAYLAND_DISPLAY: socket, DISPLAY: undefined };
  const words = ['--backend=headless-backend.so', `--socket=${socket}`, '--width=1600', '--height=1200'];
  mkdirSync(evidence, { recursive: true });
  const log = `--log=${join(evidence, 'weston.log')}`;
  const server = spawn('weston', [...words, '--idle-time=0', log], {
    stdio: 'ignore',
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  const refused = new Promise<never>((_, reject) => server.once('error', reject));
  const appeared = async (): Promise<void> => {
    while (!existsSync(join(folder, socket))) await pause(50);
  };
  await within(Promise.race([appeared(), refused]));
  const asked = process.env['CHARLOOM_ELECTRON_WORDS'] ?? '';
  return {
    server,
    environment: { ...environment, CHARLOOM_ELECTRON_WORDS: `${asked} --ozone-platform=wayland`.trim() },
  };
}

async function within<T>(work: Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = pause(displayTimeoutMs, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`No display after ${displayTimeoutMs / 1000} s.`);
  });
  return Promise.race([work, late]).finally(() => limit.abort());
}

async function run([kind, program, ...words]: readonly string[]): Promise<number> {
  if ((kind !== 'x11' && kind !== 'wayland') || program === undefined) {
    throw new Error('usage: with-display.ts x11|wayland COMMAND...');
  }
  const { server, environment } = kind === 'x11' ? await openX11() : await openWayland();
  try {
    const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, ...environment } });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    server.kill();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
