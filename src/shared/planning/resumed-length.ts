import type { RunSettings } from '../domain/run-settings.ts';

type Changes = { readonly [K in keyof RunSettings]?: RunSettings[K] | undefined };

/**
 * The settings of a run that is resumed with changes. Epochs and the maximum number of iterations both end a run, and the earlier end counts: a changed
 * number of epochs therefore replaces the maximum, unless that is set too. Otherwise the change would have no effect.
 */
export function resumedSettings(settings: RunSettings, changes: Changes): RunSettings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const changed = { ...settings, ...(Object.fromEntries(given) as Partial<RunSettings>) };
  const isReplaced = changes.maxIterations === undefined && changed.maxEpochs !== settings.maxEpochs;
  return isReplaced ? { ...changed, maxIterations: 0 } : changed;
}
