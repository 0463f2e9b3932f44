import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { MetricsLog } from '../../../../src/node/files/metrics-log.ts';
import { FullDiskError } from '../../../../src/node/files/storage-error.ts';
import type { MetricEvent } from '../../../../src/shared/domain/run-event.ts';

const folder = mkdtempSync(join(tmpdir(), 'charloom-metrics-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rollback = (iteration: number): MetricEvent => ({ kind: 'rollback', iteration });

/** Some network disks say only when they are to be sure that there is no room. No disk of this machine does: here the system call is replaced. */
test('lines that a full disk took in part are written again, once and in order', async () => {
  const path = join(folder, 'metrics.jsonl');
  const log = await MetricsLog.open(path, { iteration: 0, recoveries: 0, isMeasured: true });
  const file = await open(path);
  const handle = Object.getPrototypeOf(file) as typeof file;
  await file.close();
  const lines = (): readonly string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
  try {
    log.add(rollback(1));
    await log.sync();
    log.add(rollback(2));
    await log.flush();
    log.add(rollback(3));
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const sync = vi.spyOn(handle, 'sync').mockRejectedValueOnce(full);
    await expect(log.sync()).rejects.toBeInstanceOf(FullDiskError);
    // What happened to them there is unknown.
    expect(lines()).toHaveLength(1);
    sync.mockRestore();
    log.add(rollback(4));
    await log.sync();
    expect(lines().map((line) => Object(JSON.parse(line)) as object)).toEqual(
      [1, 2, 3, 4].map((i) => ({ event: 'rollback', i })),
    );
  } finally {
    await log.close();
  }
});
