import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { checkpointExtension } from '../node/files/checkpoint-files.ts';
import { runFolderName } from '../node/files/names.ts';
import { readRunRecord, whyNotStarted } from '../node/files/run-folder.ts';
import { CharloomError } from '../shared/errors.ts';
import { formatCount } from '../shared/format/numbers.ts';
import { bestCheckpoint, listCheckpoints } from './checkpoints.ts';
import { isRunFolder, runNames } from './library.ts';

/** How many runs an error names. */
const maxNamed = 8;

/**
 * The folder of a run given by name in the runs folder, or by the path of its folder. It is not checked whether the run can be read.
 * @returns an absolute path
 * @throws CharloomError 'not-found', listing the existing runs; 'bad-run' for a folder or file that is not a run
 */
export async function findRun(nameOrPath: string, runsFolder: string): Promise<string> {
  const found = await locate(nameOrPath, runsFolder);
  if (found === undefined) throw await noSuchRun(nameOrPath, runsFolder);
  if (found.kind === 'folder') return found.path;
  const run = dirname(dirname(found.path));
  const isInRun = await isRunFolder(run);
  throw new CharloomError('bad-run', `${nameOrPath} is a file, not a run.`, {
    fix: isInRun ? `It is in the run ${run}.` : 'A run is a folder with a run.json file.',
  });
}

/**
 * The checkpoint file given by its path, or by a run (see findRun), which means its best checkpoint.
 * @returns an absolute path
 * @throws CharloomError 'not-found' if it does not exist or the run has no checkpoint yet; 'bad-run'
 */
export async function resolveModel(nameOrPath: string, runsFolder: string): Promise<string> {
  const found = await locate(nameOrPath, runsFolder);
  if (found?.kind === 'file') return found.path;
  if (found === undefined && nameOrPath.endsWith(checkpointExtension)) {
    throw new CharloomError('not-found', `There is no checkpoint at ${nameOrPath}.`);
  }
  const run = found?.path ?? (await findRun(nameOrPath, runsFolder));
  const list = await listCheckpoints(run);
  const chosen = bestCheckpoint(list) ?? list.checkpoints[0];
  if (chosen !== undefined) return chosen.path;
  throw await noCheckpoint(run, list.problems.length);
}

type Located = { readonly kind: 'file' | 'folder'; readonly path: string };

/** A run's name takes precedence over a file of that name in the current folder: names are what lists show. */
async function locate(nameOrPath: string, runsFolder: string): Promise<Located | undefined> {
  if (isName(nameOrPath)) {
    // A run's own name may contain characters that its folder's name does not.
    for (const name of [nameOrPath, runFolderName(nameOrPath, 1)]) {
      const inLibrary = resolve(runsFolder, name);
      if (name !== '' && (await isRunFolder(inLibrary))) return { kind: 'folder', path: inLibrary };
    }
  }
  const path = resolve(nameOrPath);
  const stats = nameOrPath === '' ? undefined : await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return { kind: 'file', path };
  if (await isRunFolder(path)) return { kind: 'folder', path };
  throw new CharloomError('bad-run', `${nameOrPath} is a folder but not a run: it has no run.json.`, {
    fix: 'Give a run, a run’s folder, or a checkpoint file.',
  });
}

function isName(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && basename(text) === text && !/[\\/]/.test(text);
}

async function noSuchRun(nameOrPath: string, runsFolder: string): Promise<CharloomError> {
  const names = await runNames(runsFolder);
  const where = resolve(runsFolder);
  const rest = names.length > maxNamed ? ` and ${formatCount(names.length - maxNamed)} more` : '';
  const fix =
    names.length === 0
      ? ({ kind: 'name-runs-folder', folder: where } as const)
      : `The runs in ${where} are ${names.slice(0, maxNamed).join(', ')}${rest}.`;
  return new CharloomError('not-found', `There is no run or file named “${nameOrPath}”.`, { fix });
}

async function noCheckpoint(run: string, damaged: number): Promise<CharloomError> {
  if (damaged > 0) {
    return new CharloomError('bad-run', `None of the checkpoints of ${run} can be read.`, {
      fix: { kind: 'check-checkpoints', run },
    });
  }
  const unstarted = await whyNotStarted(run);
  if (unstarted !== undefined) {
    const { message, fix } = unstarted;
    return new CharloomError(
      'not-found',
      `${message} It has no checkpoint.`,
      fix === undefined ? {} : { fix },
    );
  }
  const record = await readRunRecord(run).catch(() => undefined);
  if (record?.state === 'exploded') {
    return new CharloomError(
      'not-found',
      `The loss of the run at ${run} exploded before the first checkpoint.`,
      {
        fix: 'Train again with a lower learning rate.',
      },
    );
  }
  const every =
    record === undefined
      ? ''
      : ` It saves one every ${formatCount(record.settings.evaluateEvery)} iterations and when it is stopped.`;
  return new CharloomError('not-found', `The run at ${run} has no checkpoint yet.${every}`, {
    fix: 'Let it train longer, or stop it with Ctrl-C to save one.',
  });
}
