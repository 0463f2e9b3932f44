// Builds the kernels and the application into out/. Plain JavaScript: the launcher and `npm ci` call it on any Node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { findNode, noNodeMessage } from '../bin/runtime.js';
import { BuildStamp } from './build-stamp.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const product = join(root, 'out', 'main', 'cli.js');
const stamp = new BuildStamp(join(root, 'out', 'built'));
const kernelScripts = ['build-kernels.ts', 'kernel-fields.ts', 'kernel-tiles.ts'].map(
  (name) => `scripts/${name}`,
);
const sources = [
  'src',
  'docs/guide',
  ...kernelScripts,
  'scripts/write-guide.ts',
  'electron.vite.config.ts',
  'graphics.vite.config.ts',
  'page.vite.config.ts',
  'package.json',
].map((source) => join(root, source));
/** Builds the page of the desktop application's hidden window. */
export const graphicsPage = viteBuild('graphics.vite.config.ts');
/** Scripts that generate source files. */
const generators = [['scripts/build-kernels.ts']];
const steps = [
  ['scripts/write-guide.ts'],
  ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
  graphicsPage,
  // The program for pages that write.
  viteBuild('page.vite.config.ts'),
];
const tools = [
  'node_modules/assemblyscript/package.json',
  'node_modules/marked/package.json',
  'node_modules/electron-vite/package.json',
];

/**
 * The build step for a separate configuration.
 * @param {string} config
 */
function viteBuild(config) {
  return ['node_modules/vite/bin/vite.js', 'build', '--config', config, '--logLevel', 'warn'];
}

/** Whether the build tools (development dependencies) are installed. */
export function canBuild() {
  return tools.every((tool) => existsSync(join(root, tool)));
}

/**
 * Builds with the given Node; all output of the tools goes to stderr, because stdout may be parsed as JSON. Returns whether it succeeded.
 * @param {string} node
 */
export function build(node) {
  /** @param {readonly string[][]} steps */
  const runAll = (steps) =>
    steps.every((step) => spawnSync(node, step, { cwd: root, stdio: ['ignore', 2, 2] }).status === 0);
  return stamp.around({ generate: () => runAll(generators), build: () => runAll(steps) });
}

/**
 * Builds if out/ is missing or older than the sources. Returns a sentence if there is nothing that could be started.
 * @param {string} node
 */
export function buildIfNeeded(node) {
  if (stamp.isNewerThan(sources)) return undefined;
  if (!canBuild()) {
    // If the tools were removed on purpose, the last build still works.
    return existsSync(product)
      ? undefined
      : 'it is not built yet, and the build tools are missing. Run `npm ci` first.';
  }
  return alone(() => {
    // Another process may have built while this one was waiting.
    if (stamp.isNewerThan(sources)) return undefined;
    process.stderr.write('Building Charloom, a few seconds ...\n');
    return build(node) ? undefined : 'the build failed; the messages above say why.';
  });
}

const buildTimeoutMs = 120_000;

/**
 * Runs `work` while no other process does: two commands started at the same time must not build into the same folder.
 * @param {() => string | undefined} work
 */
function alone(work) {
  const lock = join(root, 'node_modules', '.charloom-building');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'EEXIST') return `it cannot build here: ${message}.`;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > buildTimeoutMs) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(pause, 0, 0, 100);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const node = findNode();
  if (node === undefined) console.error(noNodeMessage);
  process.exitCode = node !== undefined && build(node) ? 0 : 1;
}
