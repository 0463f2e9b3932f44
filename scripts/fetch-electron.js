// Downloads Electron with its own package's installer, as long as data arrives.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { findElectron, packageFolder } from './electron-binary.js';

/** Milliseconds without any data after which the download is abandoned; a slow connection may take any time. */
const stallTimeoutMs = 60_000;
/** Unpacking reports no progress. */
const unpackTimeoutMs = 600_000;
const reporter = new URL('./report-fetch.js', import.meta.url).href;

/** @typedef {{ readonly got: number, readonly total: number | null, readonly isWhole: boolean }} FetchProgress */

/**
 * One attempt. Never rejects.
 * @param {string} node
 * @param {{ tell?: (progress: FetchProgress) => void, stall?: number, folder?: () => string, environment?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ program: string } | { problem: string }>}
 */
export async function fetchElectron(node, options = {}) {
  const { tell = () => undefined, folder = packageFolder, environment = process.env } = options;
  const { stall = stallTimeoutMs } = options;
  const installer = installerIn(folder);
  if (installer === undefined) return { problem: 'its package is not installed: run "npm ci"' };
  const child = spawn(node, ['--import', reporter, installer], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: withProxy(environment),
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (said += text));
  const end = await endOf(child, stall, tell);
  if (end !== undefined) return { problem: end };
  const program = findElectron({}, folder);
  return program === undefined ? { problem: reasonIn(said) } : { program };
}

/** @param {() => string} folder */
function installerIn(folder) {
  try {
    return join(folder(), 'install.js');
  } catch {
    return undefined;
  }
}

/**
 * Resolves when the process has ended: with a reason if data stopped arriving.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} stall
 * @param {(progress: FetchProgress) => void} tell
 * @returns {Promise<string | undefined>}
 */
function endOf(child, stall, tell) {
  return new Promise((resolve) => {
    const giveUp = () => {
      child.kill('SIGKILL');
      resolve(`nothing has arrived for ${Math.round(stall / 1000)} seconds`);
    };
    let limit = setTimeout(giveUp, stall);
    child.on('message', (/** @type {FetchProgress} */ progress) => {
      clearTimeout(limit);
      limit = setTimeout(giveUp, progress.isWhole ? unpackTimeoutMs : stall);
      tell(progress);
    });
    child.on('error', (error) => {
      clearTimeout(limit);
      resolve(error.message);
    });
    child.on('close', () => {
      clearTimeout(limit);
      resolve(undefined);
    });
  });
}

/**
 * The downloader uses proxies only if configured, and npm has its own settings under other names.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function withProxy(environment) {
  /** @param {readonly string[]} names */
  const first = (...names) => names.map((name) => environment[name]).find(Boolean);
  const https = first('HTTPS_PROXY', 'https_proxy', 'npm_config_https_proxy', 'npm_config_proxy');
  const http = first('HTTP_PROXY', 'http_proxy', 'npm_config_proxy');
  const none = first('NO_PROXY', 'no_proxy', 'npm_config_noproxy');
  if (https === undefined && http === undefined) return environment;
  return {
    ...environment,
    // Both spellings: if both are set, an empty one would win.
    ...both('https_proxy', https),
    ...both('http_proxy', http),
    ...both('no_proxy', none),
    ELECTRON_GET_USE_PROXY: '1',
    // Newer versions of Node use proxies without the package.
    NODE_USE_ENV_PROXY: '1',
  };
}

/**
 * @param {string} name
 * @param {string | undefined} value
 * @returns {NodeJS.ProcessEnv}
 */
function both(name, value) {
  return value === undefined ? {} : { [name]: value, [name.toUpperCase()]: value };
}

/**
 * The cause of an error from its message and stack, in one line.
 * @param {string} said
 */
export function reasonIn(said) {
  const lines = said.split('\n').map((line) => line.trim());
  const cause = lines.findLast((line) => line.startsWith('[cause]:'));
  const line =
    cause?.replace('[cause]:', '') ?? lines.find((each) => /Error\b/.test(each)) ?? lines.findLast(Boolean);
  const words = (line ?? '')
    .replace(/^\s*(Uncaught )?\w*Error( \[\w+\])?: /, '')
    .replace(/ \{$/, '')
    .trim();
  return words === '' ? 'its installer failed' : words;
}

/**
 * Shows the progress: one line that is updated in a terminal, occasional lines elsewhere.
 * @param {NodeJS.WriteStream} stream
 * @returns {(progress: FetchProgress) => void}
 */
export function progressTeller(stream) {
  let told = 0;
  return ({ got, total, isWhole }) => {
    const share = total === null ? got / 20e6 : (got / total) * 10;
    if (!isWhole && share < told + (stream.isTTY ? 0.05 : 1)) return;
    told = share;
    const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
    const whole = total === null ? '' : ` of ${megabytes(total)}`;
    const line = `charloom: ${megabytes(got)}${whole} MB${isWhole ? ', unpacking ...' : ''}`;
    stream.write(stream.isTTY ? `\r${line}\u001b[K${isWhole ? '\n' : ''}` : `${line}\n`);
  };
}
