import { statfs } from 'node:fs/promises';
import { isTaskUnderway, type SweepTask } from '../../shared/domain/sweep.ts';
import { formatBytes } from '../../shared/format/numbers.ts';

/** Bytes that a run hardly finds room in. */
const littleRoom = 1 << 20;

/** A remark on a full disk under runs that are under way: they wait, and may have no room to say so in their own files. Of a quota a file system says nothing. */
export async function roomRemark(runsFolder: string, tasks: readonly SweepTask[]): Promise<string | null> {
  if (!tasks.some(({ state }) => isTaskUnderway(state))) return null;
  try {
    const { bavail, bsize } = await statfs(runsFolder);
    const free = bavail * bsize;
    if (free >= littleRoom) return null;
    return `The disk of ${runsFolder} is full (${formatBytes(free)} free): runs that find no room to save wait until space is free.`;
  } catch {
    return null;
  }
}
