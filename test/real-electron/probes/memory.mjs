// In a utility process: memory shared with a worker grows to 3 GiB, and this thread waits for that worker without spinning.
import process from 'node:process';
import { setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';

const memory = new globalThis.WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
memory.grow(49_152 - 1);
const words = new Int32Array(memory.buffer, memory.buffer.byteLength - 8, 2);
const source = `
  const { workerData } = require('node:worker_threads');
  const words = new Int32Array(workerData.buffer, workerData.buffer.byteLength - 8, 2);
  words[1] = 42;
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  setInterval(() => undefined, 1000);`;
const worker = new Worker(source, { eval: true, workerData: memory });
worker.once('online', () => {
  const waited = Atomics.wait(words, 0, 0, 10_000);
  process.parentPort.postMessage({ bytes: memory.buffer.byteLength, waited, found: words[1] });
  // The worker lives on: it must not keep the process.
  setTimeout(() => process.exit(0), 100);
});
