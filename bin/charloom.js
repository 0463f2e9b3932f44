#!/usr/bin/env node
// The launcher: finds a Node new enough, builds on first use in a checkout, and starts the command line (src/cli).
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './launch.js';
import { findNode, noNodeMessage } from './runtime.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'out', 'main', 'cli.js');

async function start() {
  const node = findNode();
  if (node === undefined) return fail(noNodeMessage);
  // An installed copy has no sources that it could be older than.
  if (existsSync(join(root, 'src'))) {
    const { buildIfNeeded } = await import('../scripts/build.js');
    const problem = buildIfNeeded(node);
    if (problem !== undefined) return fail(problem);
  }
  if (node === process.execPath) {
    await import('./hold-signals.js');
    await import(pathToFileURL(cli).href);
  } else {
    const holdSignals = pathToFileURL(join(root, 'bin', 'hold-signals.js')).href;
    launch(node, ['--import', holdSignals, cli, ...process.argv.slice(2)]);
  }
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`charloom: ${message}\n`);
  process.exitCode = 70;
}

await start();
