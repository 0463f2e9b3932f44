import { statfs } from 'node:fs/promises';
import { isTaskUnderway, type SweepTask } from '../../shared/domain/sweep.ts';
import { formatBytes } from '../../shared/format/numbers.ts';

/** Bytes that are hardly enough for a run. */
const littleRoom = 1 << 20;

/** A remark on a full disk with active runs on it: they wait, and may have no room to say so in their own files. A file system says nothing about quotas. */
export async function roomRemark(runsFolder: string, tasks: readonly SweepTask[]): Promise<string | null> {
  if (!tasks.some(({ state }) => isTaskUnderway(state))) return null;
  try {
    const { bavail, bsize } = await statfs(runsFolder);
    const free = bavail * bsize;
    if (free >= littleRoom) return null;
    return `The disk of ${runsFolder} is full (${formatBytes(free)} free): runs that cannot save wait until space is free.`;
  } catch {
    return null;
  }
}
