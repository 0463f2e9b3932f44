import { Worker } from 'node:worker_threads';
import type { EmbeddedBackend } from '../../engine/backends/backend.ts';
import { createWasmBackend, type SpawnThread } from '../../engine/backends/wasm/backend.ts';
import { hasRelaxedSimd } from '../../engine/backends/wasm/kernels.ts';
import { defaultThreads } from '../threads.ts';
import { setRevectorize } from './revectorize.ts';

export interface WasmOptions {
  /** Threads that take part in a step; by default one per processor core, at most eight. */
  readonly threads?: number | undefined;
  readonly relaxedSimd?: boolean | undefined;
  /** Lets V8 pair 128-bit operations into 256-bit ones. */
  readonly revectorize?: boolean | undefined;
}

// A string, so that bundlers need not find a file for it and it starts the same way from source, bundle and packaged application.
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads');
const imports = { env: { memory: workerData.memory, abort() { throw new Error('the kernels aborted'); } } };
const instance = new WebAssembly.Instance(workerData.module, imports);
parentPort.postMessage('ready');
instance.exports.work(workerData.thread);
`;

const spawn: SpawnThread = (module, memory, thread) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(workerCode, { eval: true, workerData: { module, memory, thread } });
    worker.unref();
    worker.once('error', reject);
    worker.once('message', () => resolve({ terminate: () => void worker.terminate() }));
  });

/** Starts the embedded backend. */
export async function loadWasmBackend(options: WasmOptions = {}): Promise<EmbeddedBackend> {
  // Read by V8 when it compiles a module, so it is set first; modules compiled earlier are not affected.
  const wide = setRevectorize(options.revectorize ?? true);
  return createWasmBackend({
    variant: (options.relaxedSimd ?? hasRelaxedSimd()) ? 'relaxed' : 'plain',
    threads: options.threads ?? defaultThreads(),
    wide,
    spawn,
  });
}
