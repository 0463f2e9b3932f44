import { existsSync, openSync, closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which the process that does the work is given up. */
const patience = 60_000;

/**
 * The result of `work`, computed by the first test file that asks: the others of this run, each in a separate process, read it.
 * @param name a file of the run's own temporary folder
 */
export async function onceARun<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = join(tmpdir(), `${name}.json`);
  if (isFirst(`${file}.begun`)) return keep(file, await work());
  for (const begun = Date.now(); Date.now() - begun < patience; await pause(50)) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  }
  return work();
}

function isFirst(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx'));
    return true;
  } catch {
    return false;
  }
}

/** Written whole or not at all. */
function keep<T>(file: string, found: T): T {
  writeFileSync(`${file}.tmp`, JSON.stringify(found));
  renameSync(`${file}.tmp`, file);
  return found;
}
