import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { BackendInfo } from '../../engine/backends/backend.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { modelSpecOf, networkOptionsOf } from '../../engine/training/network-options.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import type { VocabularyUse } from '../../shared/domain/vocabulary-use.ts';
import { charloomVersion } from '../../shared/version.ts';
import { readCheckpoint, writeCheckpoint } from '../files/checkpoint-files.ts';
import { defaultRunsFolder } from '../files/data-folders.ts';
import { RunFolder } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { TextFile } from '../texts/text-file.ts';
import type { SessionHooks, SessionOutcome, StartRunOptions } from './session-types.ts';
import { RunController } from './controller.ts';
import { noticeInvalid, planRun, readRunText } from './prepare.ts';
import { beginning, runSession } from './session.ts';
import { DiskRoom } from './disk-room.ts';
import { usedParameters } from '../../engine/model/used-parameters.ts';
import { warmStartSettings } from './initial-model.ts';
import { noticeWaiting } from './notice-waiting.ts';
import { matchVocabulary, type MatchedStart } from './match-vocabulary.ts';

/**
 * Trains a new run on a text, in its own folder. Nothing is written until text, settings, starting checkpoint and backend are known to be usable.
 * Every error leaves all saved work on disk.
 * @throws CharloomError 'not-found', 'bad-text', 'data-too-small', 'bad-setting', 'bad-checkpoint', 'incompatible', 'backend-unavailable', 'storage'
 * or 'cancelled'
 */
export async function startRun(
  options: StartRunOptions,
  hooks: SessionHooks = {},
  controller: RunController = new RunController(),
): Promise<SessionOutcome> {
  const { settings, text, initial, use, unknown } = await readBeginning(options, hooks, controller);
  const plan = planRun(text, settings);
  const spec = modelSpecOf(settings, text.corpus.vocabulary.codes.length);
  const networkOptions = networkOptionsOf(settings);
  const backend = await options.loadBackend(spec, networkOptions);
  try {
    // Only here: loading the backend may pass the whole run to another process, which reports the same.
    noticeInvalid(text, hooks);
    if (initial !== undefined) noticeModel(options.settings, settings, hooks);
    if (use !== null) hooks.onVocabulary?.(use, unknown);
    const network = await backend.createNetwork(spec, networkOptions);
    await network.importTensors(
      initial === undefined ? initialParameters(spec, settings.seed) : usedParameters(initial),
    );
    const initializedFrom = options.initFrom === undefined ? null : basename(options.initFrom);
    const info = await backend.infoFor(spec);
    const record = newRecord({ settings, spec, text, plan, backend: info, initializedFrom, use });
    const room = new DiskRoom(controller, hooks);
    const folder = await beginFolder(options, record, initial, { room, hooks, controller });
    try {
      const { resumePointIntervalMs, samples } = options;
      const prepared = { folder, room, record, text, plan, network, start: beginning(settings) };
      return await runSession(
        { ...prepared, isResumed: false, resumePointIntervalMs, samples },
        hooks,
        controller,
      );
    } finally {
      await folder.release();
    }
  } finally {
    backend.dispose();
  }
}

/** The folder of a new run with its starting state: complete, or, if it was not reserved, not at all. */
async function beginFolder(
  options: StartRunOptions,
  record: RunRecord,
  initial: Checkpoint | undefined,
  session: { readonly room: DiskRoom; readonly hooks: SessionHooks; readonly controller: RunController },
): Promise<RunFolder> {
  const { folder: reserved } = options;
  const { room } = session;
  const folder = await room.write(() => takeFolder(options, record.settings.name, session));
  try {
    if (initial !== undefined) await room.write(() => keepInitial(folder, initial));
    await room.write(() => folder.writeRecord(record));
    return folder;
  } catch (error) {
    await folder.release();
    if (reserved === undefined) await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
}

function takeFolder(
  { folder, isFolderOwn, runsFolder = defaultRunsFolder() }: StartRunOptions,
  name: string,
  { hooks, controller: { signal } }: { readonly hooks: SessionHooks; readonly controller: RunController },
): Promise<RunFolder> {
  if (folder === undefined) return RunFolder.create(runsFolder, name);
  if (isFolderOwn === true) return RunFolder.startIn(folder, { signal, onWait: noticeWaiting(hooks) });
  return RunFolder.start(folder);
}

/** The starting state of a run. */
interface Beginning extends Pick<MatchedStart, 'text' | 'use' | 'unknown'> {
  readonly settings: RunSettings;
  readonly initial: Checkpoint | undefined;
}

async function readBeginning(
  { initFrom, settings: asked, textPath, encoding, vocabulary: choice }: StartRunOptions,
  hooks: SessionHooks,
  controller: RunController,
): Promise<Beginning> {
  // The checkpoint first: it is small compared with a text, and a wrong path is reported immediately.
  const initial = initFrom === undefined ? undefined : await readCheckpoint(initFrom);
  const settings = initial === undefined ? asked : warmStartSettings(asked, initial);
  const text = await readRunText(textPath, encoding, settings, hooks, controller);
  if (initial === undefined) return { settings, text, initial, use: null, unknown: [] };
  const { signal } = controller;
  const matched = await matchVocabulary(text, initial, { choice, seed: settings.seed }, { signal });
  return { settings, ...matched };
}

function noticeModel(asked: RunSettings, taken: RunSettings, hooks: SessionHooks): void {
  const describe = ({ model, numLayers, rnnSize, dropout, layerNorm }: RunSettings): string =>
    `${layerNorm ? 'layer-normalised ' : ''}${model} ${numLayers}x${rnnSize}, dropout ${dropout}`;
  if (describe(asked) === describe(taken)) return;
  hooks.onNotice?.(`The model is the checkpoint's: ${describe(taken)}.`);
}

/** The starting checkpoint may no longer exist when it is needed again. */
async function keepInitial(folder: RunFolder, initial: Checkpoint): Promise<void> {
  const tensors = usedParameters(initial);
  const metadata = { ...initial.metadata, weights: 'trained' } as const;
  await writeCheckpoint(folder.paths.initial, { metadata, tensors });
}

interface NewRun {
  readonly settings: RunSettings;
  readonly spec: ModelSpec;
  readonly text: TextFile;
  readonly plan: ChunkPlan;
  readonly backend: BackendInfo;
  readonly initializedFrom: string | null;
  readonly use: VocabularyUse | null;
}

function newRecord({ settings, spec, text, plan, backend, initializedFrom, use }: NewRun): RunRecord {
  const now = new Date().toISOString();
  return {
    formatVersion: 2,
    writtenBy: charloomVersion,
    state: 'running',
    reason: null,
    created: now,
    updated: now,
    settings,
    spec,
    text: { path: resolve(text.path), fingerprint: text.fingerprint },
    initializedFrom,
    vocabulary: use,
    iteration: 0,
    iterations: plan.iterations,
    iterationsPerEpoch: plan.iterationsPerEpoch,
    rateChange: null,
    backend: { ...backend },
  };
}
