import { accessSync, constants, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodes } from './configuration.ts';

/** Control groups of the kernel that limit memory (version 1). */
const memoryGroups = '/sys/fs/cgroup/memory';

/** Whether the kernel ends what takes more memory than its job asked for. Without, Slurm looks every second, and calls the job failed. */
export function hasKernelLimits(): boolean {
  try {
    accessSync(join(memoryGroups, 'cgroup.procs'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes the control groups of the nodes, which Slurm leaves behind. They are empty when nothing of a node runs. */
export function removeGroups(): void {
  for (const node of nodes) removeGroup(join(memoryGroups, `slurm_${node}`));
}

function removeGroup(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) removeGroup(join(group, entry.name));
    rmdirSync(group);
  } catch {
    // There is none, or another cluster's jobs are in it.
  }
}
