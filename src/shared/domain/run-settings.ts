import { runSettings } from './run-settings-table.ts';
import {
  changesSchema,
  pickKnown,
  storedChangesSchema,
  storedTableSchema,
  tableDefaults,
  tableKeys,
  tableSchema,
  unknownKeys,
  type SettingValues,
} from './setting-table.ts';

export { runSettings };

export type RunSettingKey = keyof typeof runSettings;

/** The settings of a run, every one present. */
export type RunSettings = SettingValues<typeof runSettings>;

export const runSettingKeys: readonly RunSettingKey[] = tableKeys(runSettings);

/** Settings that belong to a run's text and name: presets and sweeps leave them alone. */
export const textSettingKeys = tableKeys(runSettings, ({ ofText }) => ofText === true);
/** Their values. */
export function textSettingsOf(settings: RunSettings): Partial<RunSettings> {
  return Object.fromEntries(textSettingKeys.map((key) => [key, settings[key]]));
}

/** Settings that may change when a run is resumed: only those that earlier iterations do not depend on. */
export const resumableKeys = tableKeys(runSettings, ({ changeableOnResume }) => changeableOnResume === true);

/** Checks a complete set of settings; unknown keys are refused. */
export const runSettingsSchema = tableSchema(runSettings);

/** Reads settings from a file of any version: missing settings get their defaults, unknown keys are kept. */
export const storedRunSettingsSchema = storedTableSchema(runSettings);

/** Checks changes of settings for a run that is resumed; every other key is refused. */
export const resumeChangesSchema = changesSchema(runSettings);

/** Reads such changes from a file of any version: unknown keys are kept. */
export const storedResumeChangesSchema = storedChangesSchema(runSettings);

/** Settings of a file without the keys that only another version of Charloom knows: for pages, jobs and new runs. */
export function knownRunSettings<T extends object>(stored: T): T {
  return pickKnown(runSettings, stored);
}

/** The keys in settings of a file that only another version of Charloom knows. */
export function unknownRunSettings(stored: RunSettings): readonly string[] {
  return unknownKeys(runSettings, stored);
}

/** char-rnn's defaults. */
export const defaultRunSettings = tableDefaults(runSettings);
