// `npm start`: the desktop window where Electron can run, otherwise the same pages in a browser. Plain JavaScript: it runs on any Node.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../bin/launch.js';
import { findNode, noNodeMessage } from '../bin/runtime.js';
import { buildIfNeeded } from './build.js';
import { findElectron, hasDisplay } from './electron-binary.js';
import { fetchElectron, progressTeller } from './fetch-electron.js';
import { openWindow } from './open-window.js';

/** @typedef {import('./window-problem.js').WindowProblem} WindowProblem */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`charloom: ${sentence}\n`);
}

/**
 * Path of Electron's program, or why there is none.
 * @param {string} node
 * @returns {Promise<{ program: string } | { problem: WindowProblem }>}
 */
async function chooseElectron(node) {
  if (!hasDisplay()) {
    const remedy = 'a window needs a terminal on a desktop, where DISPLAY or WAYLAND_DISPLAY is set';
    return { problem: { reason: 'There is no display here', remedy } };
  }
  const present = findElectron();
  if (present !== undefined) return { program: present };
  say('Fetching Electron for the desktop window; this happens once ...');
  const fetched = await fetchElectron(node, { tell: progressTeller(process.stderr) });
  if ('program' in fetched) return fetched;
  const remedy =
    'the next start tries again, through HTTPS_PROXY or from ELECTRON_MIRROR where those are set';
  return { problem: { reason: `Electron could not be fetched (${fetched.problem})`, remedy } };
}

/**
 * Runs the browser host in place of this process.
 * @param {string} node
 * @param {readonly string[]} words
 */
function serve(node, words) {
  launch(node, [join(root, 'out', 'main', 'cli.js'), 'serve', ...words]);
}

async function start() {
  const words = process.argv.slice(2);
  const node = findNode();
  if (node === undefined) return fail(noNodeMessage);
  const problem = buildIfNeeded(node);
  if (problem !== undefined) return fail(problem);
  if (words[0] === '--browser') return serve(node, words.slice(1));
  const choice = await chooseElectron(node);
  const end = 'program' in choice ? await openWindow(choice.program, root, words) : choice;
  if ('status' in end) {
    process.exitCode = end.status;
    return;
  }
  const { reason, remedy } = end.problem;
  say(`${reason}, so Charloom opens in a browser instead${remedy === '' ? '' : `; ${remedy}`}.`);
  serve(node, words);
}

/** @param {string} message */
function fail(message) {
  say(message);
  process.exitCode = 70;
}

await start();
