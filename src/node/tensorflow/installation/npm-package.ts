import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CharloomError } from '../../../shared/errors.ts';

const load = createRequire(import.meta.url);
export const packageName = '@tensorflow/tfjs-node-gpu';

/** Where npm put the TensorFlow package. Its own install script never ran: Charloom's engine installer does that work. */
export function packageFolder(): string {
  try {
    return dirname(load.resolve(`${packageName}/package.json`));
  } catch (cause) {
    throw new CharloomError('backend-unavailable', `The npm package ${packageName} is not installed.`, {
      fix: 'Run "npm ci" with npm 11 or newer (an older npm drops the package when its own download fails).',
      cause,
    });
  }
}

/** The package's version. */
export function packageVersion(): string {
  const manifest: unknown = load(join(packageFolder(), 'package.json'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  return 'unknown';
}

/** Headers of Node-API, for compiling the package's binding without a Node.js source tree. */
export function nodeHeaders(): string {
  return join(dirname(load.resolve('node-api-headers/package.json')), 'include');
}
