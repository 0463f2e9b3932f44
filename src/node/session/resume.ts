import { resolve } from 'node:path';
import type { Backend, TrainingNetwork } from '../../engine/backends/backend.ts';
import type { TrainingProgress } from '../../engine/training/training-hooks.ts';
import { networkOptionsOf } from '../../engine/training/network-options.ts';
import { unknownRunSettings, type RunSettings } from '../../shared/domain/run-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format/numbers.ts';
import { notResumable } from '../../shared/format/origin-words.ts';
import { comparePositions } from '../files/moments.ts';
import { RunFolder } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { TextFile } from '../texts/text-file.ts';
import type { ResumeRunOptions, SessionHooks, SessionOutcome } from './session-types.ts';
import { RunController } from './controller.ts';
import { DiskRoom } from './disk-room.ts';
import { changedSettings, noticeEnd, noticeLength } from './changed-settings.ts';
import { noticeWaiting } from './notice-waiting.ts';
import { inSymbolsOfRun } from './match-vocabulary.ts';
import { planRun, readRunText } from './prepare.ts';
import { findSnapshots, readLatest } from './snapshots.ts';
import { beginning, progressOf, runSession, startingParameters } from './session.ts';

/**
 * Resumes a run from its latest save, exactly as if it had never stopped.
 * @throws CharloomError 'not-found', 'bad-run', 'run-busy', 'text-changed', 'bad-setting', 'backend-unavailable', 'storage', 'cancelled'; the run is
 * then unchanged
 */
export async function resumeRun(
  options: ResumeRunOptions,
  hooks: SessionHooks = {},
  controller: RunController = new RunController(),
): Promise<SessionOutcome> {
  const room = new DiskRoom(controller, hooks);
  const folder = await openRun(options, room, hooks, controller);
  try {
    const earlier = await folder.readRecord();
    if (earlier.origin !== undefined) throw notResumable(earlier.settings.name);
    noticeUnknown(earlier.settings, hooks);
    const settings = changedSettings(earlier.settings, options.changes ?? {});
    const same = await readSameText(earlier, settings, options.textPath, hooks, controller);
    const text = await inSymbolsOfRun(same, folder, earlier, { signal: controller.signal });
    const plan = planRun(text, settings);
    const networkOptions = networkOptionsOf(settings);
    const backend = await options.loadBackend(earlier.spec, networkOptions);
    try {
      // First, because it refuses what does not fit in memory.
      const network = await backend.createNetwork(earlier.spec, networkOptions);
      const restored: RunRecord = {
        ...earlier,
        settings,
        iterations: plan.iterations,
        text: { ...earlier.text, path: resolve(text.path) },
        backend: { ...(await backend.infoFor(earlier.spec)) },
      };
      const saved = await restoreLatest(folder, restored, network, backend, hooks);
      const record = withRateChange(restored, saved, options.changes?.learningRate);
      const start = withChangedRate(saved, record);
      noticeLength(earlier.settings, settings, options.changes, hooks);
      noticeEnd(earlier, record, start, hooks);
      const { resumePointIntervalMs, samples } = options;
      return await runSession(
        { folder, room, record, text, plan, network, start, isResumed: true, resumePointIntervalMs, samples },
        hooks,
        controller,
      );
    } finally {
      backend.dispose();
    }
  } finally {
    await folder.release();
  }
}

/** Takes the run; if a process on another computer had it, that process may have to be watched first. */
function openRun(
  { folder, takeOver }: ResumeRunOptions,
  room: DiskRoom,
  hooks: SessionHooks,
  { signal }: RunController,
): Promise<RunFolder> {
  return room.write(() => RunFolder.open(folder, { takeOver, signal, onWait: noticeWaiting(hooks) }));
}

/** Reports settings that only a later Charloom knows: they have no effect here. */
function noticeUnknown(settings: RunSettings, hooks: SessionHooks): void {
  const unknown = unknownRunSettings(settings);
  if (unknown.length === 0) return;
  hooks.onNotice?.(
    `This version of Charloom does not know the run’s settings ${unknown.join(', ').slice(0, 200)}. They are kept but have no effect. A newer version may know them.`,
  );
}

/** Reads the text that the run began with. */
async function readSameText(
  record: RunRecord,
  settings: RunSettings,
  movedTo: string | undefined,
  hooks: SessionHooks,
  controller: RunController,
): Promise<TextFile> {
  const { fingerprint } = record.text;
  const path = movedTo ?? record.text.path;
  const text = await readRunText(path, fingerprint.encoding, settings, hooks, controller).catch(
    (error: unknown) => {
      if (movedTo !== undefined || !(error instanceof CharloomError) || error.code !== 'not-found')
        throw error;
      throw new CharloomError('not-found', `The text of this run is no longer at ${path}.`, {
        fix: { kind: 'locate-text' },
        cause: error,
      });
    },
  );
  if (text.fingerprint.sha256 === fingerprint.sha256) return text;
  const { bytes } = text.fingerprint;
  const how =
    bytes === fingerprint.bytes
      ? 'it has the same length but different content'
      : `it had ${formatCount(fingerprint.bytes)} bytes and has ${formatCount(bytes)}`;
  throw new CharloomError('text-changed', `${path} is not this run’s training text: ${how}.`, {
    fix: { kind: 'restore-text' },
  });
}

/** Loads the latest complete save into the network and returns the run's position. */
async function restoreLatest(
  folder: RunFolder,
  record: RunRecord,
  network: TrainingNetwork,
  backend: Backend,
  hooks: SessionHooks,
): Promise<TrainingProgress> {
  const notice = (message: string): void => hooks.onNotice?.(message);
  const found = await findSnapshots(folder.paths, record);
  found.problems.forEach(notice);
  const save = await readLatest(found, notice);
  if (save === undefined) {
    await network.importTensors(await startingParameters(folder, record));
    return beginning(record.settings);
  }
  const { variant } = save.metadata;
  const { variant: now } = await backend.infoFor(record.spec);
  if (variant !== now) {
    notice(
      `The arithmetic changes from ${variant} to ${now}: the last digits may differ from an uninterrupted run.`,
    );
  }
  await network.importTensors(save.tensors);
  return progressOf(save);
}

/**
 * The record of a run whose learning rate is changed. It is stored there, not in a save: if the process dies before the next save, the same change
 * must apply again from the same iteration.
 */
function withRateChange(
  record: RunRecord,
  { iteration, recoveries }: TrainingProgress,
  learningRate: number | undefined,
): RunRecord {
  return learningRate === undefined
    ? record
    : { ...record, rateChange: { iteration, recoveries, learningRate } };
}

/** char-rnn's schedule depends on the learning rate before, which a change replaces; the others depend on the settings only. */
function withChangedRate(saved: TrainingProgress, { rateChange, settings }: RunRecord): TrainingProgress {
  const isAhead = rateChange !== null && comparePositions(saved, rateChange) <= 0;
  if (!isAhead || settings.schedule !== 'epochs') return saved;
  return { ...saved, learningRate: rateChange.learningRate };
}
