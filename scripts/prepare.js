// Runs at the end of `npm ci`. It builds when it can and never fails the install: Charloom also builds on first use.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, noNodeMessage } from '../bin/runtime.js';
import { build, canBuild } from './build.js';

/** Returns what happened, in one sentence. */
function prepare() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  // Inside a package there are no sources, only the finished build.
  if (!existsSync(join(root, 'src'))) return undefined;
  const node = findNode();
  if (node === undefined) return noNodeMessage;
  if (!canBuild()) {
    return 'Charloom is installed but not built, because the development packages were left out; run `npm ci` without `--omit=dev` to build it.';
  }
  if (build(node)) return 'Charloom is built. Try: npm start';
  return 'Charloom is installed but its build failed (see above); `npm run build` tries again.';
}

try {
  const sentence = prepare();
  if (sentence !== undefined) console.log(sentence);
} catch (error) {
  console.error(`Charloom is installed but not built: ${String(error)}`);
}
