import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { checkpointPaths } from '../node/files/checkpoint-files.ts';
import { runPaths } from '../node/files/run-folder.ts';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';
import { CharloomError } from '../shared/errors.ts';
import { summarizeRun, type RunSummary } from './summary.ts';

/**
 * Every run in a runs folder, newest first and damaged ones last. Folders that were never runs are passed over; a runs folder that does not
 * exist yet has no runs.
 * @throws CharloomError('storage') when the runs folder itself cannot be listed
 */
export async function listRuns(runsFolder: string): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const folder of await runFolders(runsFolder)) runs.push(await summarizeRun(folder));
  return runs.toSorted(compareRuns);
}

/** The names that runs of this folder are called by, without looking into them. */
export async function runNames(runsFolder: string): Promise<readonly string[]> {
  return (await runFolders(runsFolder)).map((folder) => basename(folder));
}

/** Whether a folder is a run, or was one: also when its run.json is lost, what it has learned may still be there. */
export async function isRunFolder(folder: string): Promise<boolean> {
  const { record, metrics, resumePoint, checkpoints } = runPaths(folder);
  for (const path of [record, metrics, resumePoint]) if (!(await isMissing(path))) return true;
  return (await checkpointPaths(checkpoints).catch(() => [])).length > 0;
}

/** What may not be looked at is there: passed over, a run would be lost from sight. */
async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? ''),
  );
}

async function runFolders(runsFolder: string): Promise<readonly string[]> {
  const root = resolve(runsFolder);
  const entries = await withStorageErrors('list the runs', root, () =>
    readdir(root, { withFileTypes: true }),
  ).catch((error: unknown) => {
    if (error instanceof CharloomError && systemCode(error.cause) === 'ENOENT') return [];
    throw error;
  });
  const folders: string[] = [];
  for (const entry of entries) {
    // A run folder may be a link to another disk.
    if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
    const folder = join(root, entry.name);
    // A link that leads nowhere is a run whose disk was taken out.
    const isLost = entry.isSymbolicLink() && (await isMissing(folder));
    if (isLost || (await isRunFolder(folder))) folders.push(folder);
  }
  return folders.toSorted();
}

function compareRuns(a: RunSummary, b: RunSummary): number {
  if (a.kind !== 'damaged' && b.kind !== 'damaged') {
    return Date.parse(b.record.created) - Date.parse(a.record.created) || compareText(a.name, b.name);
  }
  if (a.kind === b.kind) return compareText(a.name, b.name);
  return a.kind === 'damaged' ? 1 : -1;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
