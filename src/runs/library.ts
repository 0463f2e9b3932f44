import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { checkpointPaths } from '../node/files/checkpoint-files.ts';
import { readSmallText } from '../node/files/plain-file.ts';
import { maxRecordBytes, runPaths } from '../node/files/run-folder.ts';
import { systemCode, withStorageErrors } from '../node/files/storage-error.ts';
import { concurrently } from '../shared/concurrently.ts';
import { CharloomError } from '../shared/errors.ts';
import type { KeptSummaries } from './kept-summaries.ts';
import { summarizeRun, type RunSummary } from './summary.ts';

/** Number of runs that are read in parallel: enough that the latency of a network disk does not add up. */
export const runsAtOnce = 8;

/**
 * Every run in a runs folder, newest first and damaged ones last. Folders that were never runs are skipped; a runs folder that does not exist yet has
 * no runs.
 * @param kept summaries of runs that have ended; without it every run is read
 * @throws CharloomError('storage') when the runs folder itself cannot be listed
 */
export async function listRuns(runsFolder: string, kept?: KeptSummaries): Promise<readonly RunSummary[]> {
  const folders = await runFolders(runsFolder);
  const runs = await concurrently(folders, runsAtOnce, (folder) => summaryOf(folder, kept));
  kept?.retain(folders.map((folder) => basename(folder)));
  await kept?.save();
  return runs.toSorted(compareRuns);
}

/** The kept summary of a run, if it has ended and has not changed since; otherwise made from its files, and kept. */
export async function summaryOf(folder: string, kept: KeptSummaries | undefined): Promise<RunSummary> {
  if (kept === undefined) return summarizeRun(folder);
  return (await kept.find(folder)) ?? (await kept.keep(folder, () => summarizeRun(folder)));
}

/** The names of the runs in this folder, without looking into them. */
export async function runNames(runsFolder: string): Promise<readonly string[]> {
  return (await runFolders(runsFolder)).map((folder) => basename(folder));
}

/** When a run was created, found by a quick search of its run.json: good for sorting, not for display. Empty if that cannot be read. */
export async function glimpseCreated(folder: string): Promise<string> {
  const text = await readSmallText(runPaths(folder).record, maxRecordBytes).catch(() => '');
  return /"created":\s*"([^"]*)"/.exec(text)?.[1] ?? '';
}

/** Whether a folder is a run, or was one: even if its run.json is lost, what it has learned may still be there. */
export async function isRunFolder(folder: string): Promise<boolean> {
  const { record, metrics, resumePoint, checkpoints } = runPaths(folder);
  for (const path of [record, metrics, resumePoint]) if (!(await isMissing(path))) return true;
  return (await checkpointPaths(checkpoints).catch(() => [])).length > 0;
}

/** What may not be read counts as existing: if it were skipped, a run would disappear from the lists. */
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
  // A run folder may be a link to another disk.
  const candidates = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  const folders = await concurrently(candidates, runsAtOnce, async (entry) => {
    const folder = join(root, entry.name);
    // A dangling link is a run whose disk was removed.
    const isLost = entry.isSymbolicLink() && (await isMissing(folder));
    return isLost || (await isRunFolder(folder)) ? folder : undefined;
  });
  return folders.filter((folder) => folder !== undefined).toSorted();
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
