import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, _electron, type Page } from 'playwright-core';
import { findElectron, hasDisplay } from '../../scripts/electron-binary.js';
import { chromiumProgram } from './chromium.ts';
import type electronDouble from './electron-double/electron.ts';
import { keepEvidence } from './electron-evidence.ts';
import { electronWords } from './electron-words.ts';
import { root } from './processes.ts';

const main = join(root, 'out/main/index.js');
const runner = join(root, 'test/support/electron-double/run.ts');

/** The `electron` module as a test sees it: what the double and the real one both have. */
export type ElectronModule = typeof electronDouble;

/** The desktop application, run by Electron or by its double. */
export interface ElectronApp {
  readonly kind: 'electron' | 'double';
  readonly page: Page;
  /** Charloom's own folder of this run. */
  readonly home: string;
  /** Runs a function in the main process. It may use nothing from outside itself. */
  evaluate<R, A>(work: (electron: ElectronModule, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** The exit code, after a normal exit. */
  readonly ended: Promise<number | null>;
  /** What the main process wrote to stderr. */
  readonly errors: () => string;
  /** Sends the main process a signal, as a terminal or the system does. */
  signal(name: NodeJS.Signals): void;
  close(): Promise<void>;
}

export interface ElectronAppOptions {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kept by the caller; a new one is made, and removed at the end, when left out. */
  readonly home?: string;
  /** More words for Chromium, Electron's or the double's. */
  readonly chromiumWords?: readonly string[];
  /** The folder of the application, when it is not this project's own build: then it runs as a packaged one does. */
  readonly folder?: string;
}

// Without the override that keeps unit tests from fetching Electron (vitest.config.ts).
const program = hasDisplay() ? findElectron({}) : undefined;
export const electronKind = program === undefined ? 'double' : 'electron';
// A machine that was set up to show what the real program does must not show what its double does instead.
if (program === undefined && process.env['CHARLOOM_ELECTRON'] === 'required') {
  throw new Error("Electron's program, or a display for it, is not here (CHARLOOM_ELECTRON=required).");
}
process.stderr.write(
  program === undefined
    ? "Electron's program is not here: the built bundles run with a double of its module.\n"
    : `Electron itself runs the built bundles: ${program}\n`,
);

/** Starts the built application. */
export async function startElectronApp(options: ElectronAppOptions = {}): Promise<ElectronApp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'charloom-electron-')));
  const env: Record<string, string> = {
    ...(process.env as Record<string, string>),
    CHARLOOM_HOME: join(home, 'charloom'),
    ...options.env,
  };
  const app =
    program === undefined ? await startDouble(home, env, options) : await startReal(home, env, options);
  return {
    ...app,
    close: async () => {
      await app.close();
      if (options.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startReal(
  home: string,
  env: Record<string, string>,
  { words = [], chromiumWords = [] }: ElectronAppOptions,
): Promise<ElectronApp> {
  const app = await _electron.launch({
    args: [...electronWords(join(home, 'userData')), ...chromiumWords, root, ...words],
    executablePath: program ?? '',
    env,
  });
  let errors = '';
  app.process().stderr?.on('data', (text) => (errors += String(text)));
  const page = await app.firstWindow();
  return {
    kind: 'electron',
    home,
    page,
    evaluate: (work, argument) =>
      app.evaluate(
        work as unknown as (electron: unknown, argument: unknown) => unknown,
        argument,
      ) as Promise<never>,
    ended: once(app.process(), 'exit').then(([code]) => code as number | null),
    errors: () => errors,
    signal: (name) => void app.process().kill(name),
    close: async () => {
      await keepEvidence(home, page, errors);
      await app.close();
    },
  };
}

async function startDouble(
  home: string,
  env: Record<string, string>,
  { words = [], folder, chromiumWords = [] }: ElectronAppOptions,
): Promise<ElectronApp> {
  const program = folder === undefined ? main : join(folder, 'out/main/index.js');
  const child = fork(runner, [program, ...words], {
    cwd: folder ?? root,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      ...env,
      CHARLOOM_DOUBLE_HOME: home,
      ...(folder === undefined ? {} : { CHARLOOM_DOUBLE_PACKAGED: '1' }),
      CHARLOOM_DOUBLE_CHROMIUM: JSON.stringify({
        ...chromiumProgram,
        flags: [...chromiumProgram.flags, ...chromiumWords],
      }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (text) => (errors += String(text)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const endpoint = await message(child, ended, (value) => (value as { ready?: string }).ready).catch(() => {
    throw new Error(`The application did not start: ${errors}`);
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const isOurs = (page: Page): boolean => page.url().startsWith('https://charloom.test/');
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('Chromium has no context.');
  const page = context.pages().find(isOurs);
  if (page === undefined) throw new Error('There is no window.');
  await page.waitForLoadState();
  return {
    kind: 'double',
    home,
    page,
    evaluate: (work, argument) => ask(child, ended, work.toString(), argument) as Promise<never>,
    ended,
    errors: () => errors,
    signal: (name) => void child.kill(name),
    close: async () => {
      await browser.close().catch(() => undefined);
      // Left alone it exits immediately, and with it Chromium, which would survive a kill.
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

let nextId = 0;

async function ask(
  child: ChildProcess,
  ended: Promise<unknown>,
  source: string,
  argument: unknown,
): Promise<unknown> {
  const id = nextId++;
  child.send({ id, source, argument });
  const answer = await message(child, ended, (value) =>
    (value as { id?: number }).id === id ? value : undefined,
  );
  const { error, value } = answer as { readonly error?: string; readonly value?: unknown };
  if (error !== undefined) throw new Error(error);
  return value;
}

/** The first message that fits; fails when the process ends without one. */
function message<T>(
  child: ChildProcess,
  ended: Promise<unknown>,
  fits: (value: unknown) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = (value: unknown): void => {
      const found = fits(value);
      if (found === undefined) return;
      child.off('message', listener);
      resolve(found);
    };
    child.on('message', listener);
    void ended.then(() => reject(new Error('The application has ended.')));
  });
}
