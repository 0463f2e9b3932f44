import type { TrainingProgress } from '../../engine/training/training-hooks.ts';
import {
  resumableKeys,
  runSettings,
  type RunSettingKey,
  type RunSettings,
} from '../../shared/domain/run-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatCount, formatQuantity } from '../../shared/format/numbers.ts';
import { resumedSettings } from '../../shared/planning/resumed-length.ts';
import type { RunRecord } from '../files/run-record.ts';
import type { ResumeRunOptions, SessionHooks } from './session-types.ts';

/**
 * The settings of a run that is resumed with changes.
 * @throws CharloomError 'bad-setting' for a setting that only a new run can have
 */
export function changedSettings(
  settings: RunSettings,
  changes: NonNullable<ResumeRunOptions['changes']>,
): RunSettings {
  for (const key of Object.keys(changes) as RunSettingKey[]) {
    if (changes[key] === undefined || changes[key] === settings[key] || resumableKeys.includes(key)) continue;
    throw new CharloomError(
      'bad-setting',
      `${runSettings[key].title} is ${settings[key]} in this run and cannot be changed to ${changes[key]}: it would no longer be the same run.`,
      { fix: { kind: 'keep-setting', setting: key } },
    );
  }
  return resumedSettings(settings, changes);
}

/** Reports that a changed number of epochs replaced the maximum of iterations, if only the epochs were given. */
export function noticeLength(
  earlier: RunSettings,
  settings: RunSettings,
  changes: ResumeRunOptions['changes'],
  hooks: SessionHooks,
): void {
  if (settings.maxIterations === earlier.maxIterations || changes?.maxIterations !== undefined) return;
  hooks.onNotice?.(
    `The maximum of ${formatQuantity(earlier.maxIterations, 'iteration')} no longer applies: the number of epochs was changed and ends the run.`,
  );
}

/** Reports why nothing is left to train, or why the run ended, with what to do. */
export function noticeEnd(
  earlier: RunRecord,
  { iterations, settings }: RunRecord,
  start: TrainingProgress,
  hooks: SessionHooks,
): void {
  if (start.iteration >= iterations) {
    const done = `This run has completed all ${formatCount(iterations)} iterations.`;
    hooks.onNotice?.(done, { kind: 'train-longer' });
  } else if (settings.patience > 0 && start.improvement.evaluationsSince >= settings.patience) {
    const measurements = formatQuantity(start.improvement.evaluationsSince, 'measurement');
    hooks.onNotice?.(`This run stopped early: it had not improved for ${measurements}.`, {
      kind: 'more-patience',
    });
  } else if (earlier.state === 'exploded' && settings.onExplosion === 'stop') {
    hooks.onNotice?.('This run ended because its loss exploded.', { kind: 'recover-from-explosion' });
  }
}
