import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { HeldErrors } from './held-errors.js';
import { problemIn } from './window-problem.js';

/** A window that ends sooner than this with an error never opened: a library or a permission is missing. */
const soon = 10_000;
/** Signals this close together are one key press: the terminal, the shell and npm each pass it on. */
const samePress = 300;
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @typedef {import('./window-problem.js').WindowProblem} WindowProblem */

/**
 * Opens the window and waits until it is closed.
 * @param {string} program
 * @param {string} root
 * @param {readonly string[]} words
 * @returns {Promise<{ status: number } | { problem: WindowProblem }>}
 */
export async function openWindow(program, root, words) {
  const begun = Date.now();
  const errors = new HeldErrors();
  const child = spawn(program, [root, ...words], {
    stdio: ['inherit', 'inherit', errors.file],
    env: forWindows(process.env),
    // Detached from the terminal, which would send a Ctrl-C to every process of Electron, including its pages and compute processes: Electron gets
    // it once, from here. Windows works differently, and would open a console.
    detached: process.platform !== 'win32',
  });
  const isThere = setTimeout(() => errors.follow(), soon);
  const asked = passSignalsOn(child);
  /** @type {number | undefined} */
  const status = await new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('exit', (code) => resolve(code ?? undefined));
  });
  clearTimeout(isThere);
  const isOpened = status === 0 || asked.hasPassed() || Date.now() - begun >= soon;
  // If it opened no window, this explains why better than Electron's own output.
  const problem = isOpened ? undefined : problemIn(errors.text(), program);
  if (problem === undefined) errors.show();
  errors.close();
  if (isOpened) return { status: status ?? 70 };
  return { problem: problem ?? { reason: 'Electron could not open a window', remedy: '' } };
}

/**
 * Removes the variable that makes Electron run as plain Node, which some editors set in their terminals.
 * @param {NodeJS.ProcessEnv} environment
 */
export function forWindows(environment) {
  const copy = { ...environment };
  delete copy['ELECTRON_RUN_AS_NODE'];
  return copy;
}

/**
 * Forwards signals, once per key press. On Windows a signal would end it immediately, and the console sends it Ctrl-C anyway.
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignalsOn(child) {
  let last = -Infinity;
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    const isEcho = performance.now() - last < samePress;
    last = performance.now();
    if (!isEcho && process.platform !== 'win32') child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  child.on('exit', () => {
    for (const signal of signals) process.off(signal, passOn);
  });
  return { hasPassed: () => last > -Infinity };
}
