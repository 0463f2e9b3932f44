import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives all tests, and every process they start, one temporary folder, and removes it when the last has ended: whatever a test forgets to remove, or cannot since it was killed,
 * goes with it.
 */
export default function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), 'charloom-tests-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = root;
  return () => {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
}
