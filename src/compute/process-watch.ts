import { Worker } from 'node:worker_threads';
import { memoryWords } from '../shared/compute/memory-words.ts';

const intervalMs = 100;

/** The thread's program: it keeps checking while the process is busy, when nothing else could end the process. */
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
  /** Bytes of resident memory of any kind. V8's limit counts objects only, and Electron's processes have no limit. */
  readonly memory: number;
  /** The parent ends it much earlier, if it is alive. */
  readonly milliseconds: number;
}

/** Ends this process as soon as it exceeds its limits, or its parent has ended. */
export function watchProcess(limits: ProcessLimits): void {
  const workerData = { ...limits, parent: process.ppid, intervalMs, words: memoryWords };
  new Worker(watch, { eval: true, workerData }).unref();
}
