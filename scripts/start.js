// `npm start`: the desktop window where Electron can run, otherwise the same pages in a browser. Plain JavaScript: it runs on any Node.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../bin/launch.js';
import { findNode, noNodeMessage } from '../bin/runtime.js';
import { buildIfNeeded } from './build.js';
import { fetchElectron, findElectron, hasDisplay } from './electron-binary.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A window that ends sooner than this with an error never opened: a library or a permission is missing. */
const soon = 10_000;

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`charloom: ${sentence}\n`);
}

/**
 * Electron's program, or the reason why there is none.
 * @param {string} node
 * @returns {Promise<{ program: string } | { reason: string }>}
 */
async function chooseElectron(node) {
  if (!hasDisplay()) return { reason: 'There is no display here' };
  const present = findElectron();
  if (present !== undefined) return { program: present };
  say('Fetching Electron for the desktop window; this happens once ...');
  const fetched = await fetchElectron(node);
  return fetched === undefined ? { reason: 'Electron could not be fetched' } : { program: fetched };
}

/**
 * Opens the window and waits until it is closed. False when it could not open.
 * @param {string} program
 * @param {readonly string[]} words
 */
async function openWindow(program, words) {
  const begun = Date.now();
  const status = await new Promise((resolve) => {
    const child = spawn(program, [root, ...words], { stdio: 'inherit' });
    child.on('error', () => resolve(70));
    child.on('exit', (code) => resolve(code ?? 70));
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
  });
  if (status !== 0 && Date.now() - begun < soon) return false;
  process.exitCode = status;
  return true;
}

/**
 * The browser host, as if this process were it.
 * @param {string} node
 * @param {readonly string[]} words
 */
function serve(node, words) {
  launch(node, [join(root, 'out', 'main', 'cli.js'), 'serve', ...words]);
}

async function start() {
  const words = process.argv.slice(2);
  const wantsBrowser = words[0] === '--browser';
  const node = findNode();
  if (node === undefined) return fail(noNodeMessage);
  const problem = buildIfNeeded(node);
  if (problem !== undefined) return fail(problem);
  if (wantsBrowser) return serve(node, words.slice(1));
  const choice = await chooseElectron(node);
  let reason = 'reason' in choice ? choice.reason : '';
  if ('program' in choice) {
    if (await openWindow(choice.program, words)) return;
    reason = 'Electron could not open a window';
  }
  say(`${reason}: Charloom opens in a browser instead.`);
  serve(node, words);
}

/** @param {string} message */
function fail(message) {
  say(message);
  process.exitCode = 70;
}

await start();
