import { createRequire, Module } from 'node:module';
import { totalmem } from 'node:os';
import util from 'node:util';
import { createTensorflowBackend, type TensorflowBackend } from '../../engine/backends/tensorflow/backend.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { InstalledEngine } from './installation/engine-folder.ts';
import { defaultThreads } from '../threads.ts';
import { tensorflowEnvironment } from './diagnosis/environment.ts';
import type { GraphicsCard } from './diagnosis/graphics.ts';
import { packageFolder, packageName } from './installation/npm-package.ts';
import type { TensorflowModule } from './module.ts';
import { createTensorflowRuntime } from './runtime.ts';

const load = createRequire(import.meta.url);

export interface TensorflowOptions {
  readonly threads?: number | undefined;
  /** The graphics card, if the caller knows it. */
  readonly card?: GraphicsCard | undefined;
}

/** Loads an engine into this process (once: a process holds one TensorFlow for its life) and starts the backend on it. */
export function loadTensorflowBackend(
  engine: Pick<InstalledEngine, 'addon' | 'libraries'>,
  { threads = defaultThreads(), card }: TensorflowOptions = {},
): TensorflowBackend {
  const tf = loadTensorflow(engine, threads);
  const { isUsingGpuDevice, binding } = tf.backend();
  const version = binding.TF_Version;
  const count = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return createTensorflowBackend(createTensorflowRuntime(tf), {
    kind: isUsingGpuDevice ? 'gpu' : 'cpu',
    label: `${isUsingGpuDevice ? (card?.name ?? 'graphics card') : `CPU, ${count}`}, TensorFlow ${version}`,
    threads,
    version,
    memoryBytes: isUsingGpuDevice ? card && card.memoryMegabytes * 2 ** 20 : totalmem(),
  });
}

/** Loads the npm package with the addon of an engine. */
export function loadTensorflow(
  engine: Pick<InstalledEngine, 'addon' | 'libraries'>,
  threads = defaultThreads(),
): TensorflowModule {
  fillInRemovedFunctions();
  answerForAddon(engine.addon);
  // The parent process may have set more (the library path must be set before the start); this fills the gaps.
  for (const [name, value] of Object.entries(tensorflowEnvironment(engine, { threads }))) {
    process.env[name] ??= value;
  }
  try {
    return load(packageFolder()) as TensorflowModule;
  } catch (cause) {
    if (cause instanceof CharloomError) throw cause;
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CharloomError('backend-unavailable', `TensorFlow cannot be loaded: ${reason}`, {
      fix: { kind: 'repair-engine' },
      cause,
    });
  }
}

/** The package calls two functions that newer Node.js versions have dropped (https://github.com/tensorflow/tfjs/issues/8609). */
function fillInRemovedFunctions(): void {
  const old: { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean } =
    util;
  old.isNullOrUndefined ??= (value) => value === undefined || value === null;
  old.isArray ??= (value) => Array.isArray(value);
}

/**
 * The package asks `@mapbox/node-pre-gyp` for the path of its addon and expects it inside node_modules. The answer is the engine folder's addon,
 * provided through the module cache: nothing in node_modules is ever written.
 */
function answerForAddon(addon: string): void {
  const inPackage = createRequire(load.resolve(`${packageName}/package.json`));
  const asked = inPackage.resolve('@mapbox/node-pre-gyp');
  const answer = new Module(asked);
  answer.exports = { find: () => addon };
  answer.loaded = true;
  inPackage.cache[asked] = answer;
}
