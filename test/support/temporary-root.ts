import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;

/** Gives all tests, and every process they start, one temporary folder. */
export function setup(): void {
  root = mkdtempSync(join(tmpdir(), 'charloom-tests-'));
  // Some tests run as an ordinary user, who must get through to the folders inside.
  chmodSync(root, 0o755);
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = root;
}

/** Removes it after the last test: with everything that tests forgot to remove, or could not because they were killed. */
export function teardown(): void {
  if (root !== undefined) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
