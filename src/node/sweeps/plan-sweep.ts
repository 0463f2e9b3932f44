import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BackendChoice } from '../../shared/domain/backends.ts';
import { architectureKeys } from '../../shared/domain/model-spec.ts';
import { runSettings, type RunSettings } from '../../shared/domain/run-settings.ts';
import type { EarlyStopping, SweepSpace } from '../../shared/domain/sweep-space.ts';
import type { VocabularyChoice } from '../../shared/domain/symbol-fit.ts';
import { CharloomError } from '../../shared/errors.ts';
import { definitionOf } from '../../shared/planning/sweep-axes.ts';
import { planSweepTasks, type PlannedSweepTask } from '../../shared/planning/sweep-tasks.ts';
import { changedText } from '../../engine/dataset/symbol-encoder.ts';
import { charloomVersion } from '../../shared/version.ts';
import { writeAtomically } from '../files/atomic.ts';
import { readCheckpointHeader } from '../files/checkpoint-files.ts';
import { hashFile } from '../files/hash-file.ts';
import { jsonLines } from '../files/json-lines.ts';
import { makeFolder } from '../files/make-folder.ts';
import { runFolderName } from '../files/names.ts';
import { systemCode, withStorageErrors } from '../files/storage-error.ts';
import type { CountedText, TextReading } from '../../shared/domain/counted-text.ts';
import { sweepExtension, sweepPaths, taskPaths } from './sweep-folder.ts';
import { encodeSweepRecord, type SweepRecord } from './sweep-record.ts';
import type { SweepTaskEntry } from './task-list.ts';

export interface SweepPlanRequest {
  readonly runsFolder: string;
  readonly name: string;
  readonly space: SweepSpace;
  readonly earlyStopping: EarlyStopping | null;
  /** What all tasks share. */
  readonly settings: RunSettings;
  readonly text: {
    readonly path: string;
    /** Its name for people. */
    readonly title: string;
    readonly encoding: string | null;
  };
  /** A checkpoint that every task starts from. */
  readonly initFrom: string | null;
  readonly vocabulary: VocabularyChoice | null;
  readonly backend: BackendChoice;
  /** 0: as many as a task may use, at most eight. */
  readonly threads: number;
}

export interface PlannedSweep {
  readonly folder: string;
  readonly record: SweepRecord;
  readonly tasks: readonly SweepTaskEntry[];
}

/** Reads and counts a text. A text is untrusted: only the command line does it in its own process. */
export type CountText = (reading: TextReading) => Promise<CountedText>;

/**
 * Makes the folder of a sweep: its space, the list of its tasks and the text, none of which change afterwards. It is created as a whole or not at
 * all.
 * @throws CharloomError 'bad-setting', 'data-too-small', 'bad-checkpoint', 'storage', 'text-changed'; 'usage' if the name is taken; and what `count`
 * throws
 */
export async function planSweep(request: SweepPlanRequest, count: CountText): Promise<PlannedSweep> {
  const { name, text, settings } = request;
  refuseName(name);
  if (request.initFrom !== null) await refuseArchitecture(request, request.initFrom);
  const { symbols, lineEnds } = settings;
  const counted = await count({ path: text.path, symbols, lineEnds, encoding: text.encoding });
  const planned = planSweepTasks({ ...request, characters: counted.characters });
  const tasks = planned.map(entryOf);
  const runsFolder = resolve(request.runsFolder);
  const folder = join(runsFolder, `${runFolderName(name, 1)}${sweepExtension}`);
  await refuseTaken(folder, runsFolder, tasks);
  return withStorageErrors('plan the sweep', folder, async () => {
    await makeFolder(runsFolder, 'plan the sweep');
    const draft = await mkdtemp(join(runsFolder, '.charloom-sweep-'));
    try {
      const record = await writeSweep(draft, request, counted, tasks);
      await rename(draft, folder);
      return { folder, record, tasks };
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw ['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '') ? taken(folder) : error;
    }
  });
}

async function writeSweep(
  draft: string,
  request: SweepPlanRequest,
  { sha256, ...size }: CountedText,
  tasks: readonly SweepTaskEntry[],
): Promise<SweepRecord> {
  const { name, space, earlyStopping, settings, text, initFrom, vocabulary, backend, threads } = request;
  const paths = sweepPaths(draft);
  await copyFile(text.path, paths.text);
  if (initFrom !== null) await copyFile(initFrom, paths.initial);
  const { size: bytes } = await stat(paths.text);
  if ((await hashFile(paths.text)) !== sha256) throw changedText();
  const record: SweepRecord = {
    formatVersion: 1,
    writtenBy: charloomVersion,
    created: new Date().toISOString(),
    key: randomBytes(4).toString('hex'),
    name,
    space,
    earlyStopping,
    settings: { ...settings, name },
    text: { title: text.title, path: resolve(text.path), encoding: text.encoding, sha256, bytes, ...size },
    isWarmStarted: initFrom !== null,
    vocabulary,
    backend,
    threads,
    tasks: tasks.length,
  };
  await mkdir(paths.taskFolders);
  for (const { index } of tasks) await mkdir(taskPaths(draft, index, tasks.length).folder);
  await writeAtomically(paths.tasks, [jsonLines(tasks)], 'plan the sweep');
  await writeAtomically(paths.record, [encodeSweepRecord(record)], 'plan the sweep');
  return record;
}

function entryOf({ index, name, changes }: PlannedSweepTask): SweepTaskEntry {
  return { index, name, run: runFolderName(name, 1), changes };
}

function refuseName(name: string): void {
  const { pattern, patternMeaning } = runSettings.name;
  if (pattern.test(name)) return;
  throw new CharloomError('usage', `A sweep cannot be called “${name}”: a name ${patternMeaning}.`);
}

/** The checkpoint determines the architecture. */
async function refuseArchitecture({ space }: SweepPlanRequest, initFrom: string): Promise<void> {
  await readCheckpointHeader(initFrom);
  const key = space.axes.map((axis) => axis.key).find((each) => architectureKeys.some((own) => own === each));
  if (key === undefined) return;
  const title = definitionOf(key)?.title ?? key;
  throw new CharloomError(
    'bad-setting',
    `${title} cannot be varied: the checkpoint that the runs begin with decides it.`,
  );
}

async function refuseTaken(
  folder: string,
  runsFolder: string,
  tasks: readonly SweepTaskEntry[],
): Promise<void> {
  if (await isThere(folder)) throw taken(folder);
  for (const { run } of tasks) {
    if (!(await isThere(join(runsFolder, run)))) continue;
    throw new CharloomError('usage', `There is a run named ${run} already, and a task would need the name.`, {
      fix: 'Give the sweep another name.',
    });
  }
}

function taken(folder: string): CharloomError {
  return new CharloomError('usage', `There is a sweep at ${folder} already.`, {
    fix: 'Give this one another name, or delete that folder.',
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => systemCode(error) !== 'ENOENT',
  );
}
