import { Worker } from 'node:worker_threads';
import { memoryWords } from '../shared/compute/memory-words.ts';

const intervalMs = 100;

/** The thread's program: it goes on looking while the process is busy, and nothing else can end a process that does not come back. */
const watch = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const { memory, milliseconds, parent, words, intervalMs } = workerData;
const end = () => process.kill(process.pid, 'SIGKILL');
setTimeout(end, milliseconds);
setInterval(() => {
  if (process.ppid !== parent) end();
  if (process.memoryUsage.rss() < memory) return;
  writeSync(2, words + '\\n');
  end();
}, intervalMs);
`;

/** What a process may take at most. */
export interface ProcessLimits {
  /** Bytes of resident memory, whatever they are for. The limit of V8 counts objects alone, and Electron's processes have none. */
  readonly memory: number;
  /** Its parent ends it long before, if it is there. */
  readonly milliseconds: number;
}

/** Ends this process as soon as it goes beyond its limits, or its parent is gone. */
export function watchProcess(limits: ProcessLimits): void {
  const workerData = { ...limits, parent: process.ppid, intervalMs, words: memoryWords };
  new Worker(watch, { eval: true, workerData }).unref();
}
