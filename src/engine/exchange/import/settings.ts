import { defaultRunSettings, runSettings, type RunSettings } from '../../../shared/domain/run-settings.ts';
import { settingSchema } from '../../../shared/domain/setting-definition.ts';

/** Charloom's settings by the names that another program has for them. */
export type SettingNames = Readonly<Partial<Record<keyof RunSettings, string>>>;

/** char-rnn's names from the table of settings, except those that the network itself determines. */
export const charRnnNames: SettingNames = Object.fromEntries(
  Object.entries(runSettings).flatMap(([key, definition]) => {
    const isNumber = definition.kind === 'integer' || definition.kind === 'number';
    const isMeant = isNumber && definition.group !== 'model' && key !== 'dropout' && 'charRnn' in definition;
    return isMeant ? [[key, definition.charRnn.replace('-', '')]] : [];
  }),
);

/**
 * Settings that a model was trained with, as far as Charloom allows their values.
 * @param optionOf an option of the other program by its name
 */
export function settingsFrom(names: SettingNames, optionOf: (name: string) => unknown): Partial<RunSettings> {
  const found = Object.entries(names).flatMap(([key, name]) => {
    const value = settingSchema(runSettings[key as keyof RunSettings]).safeParse(optionOf(name));
    return value.success ? [[key, value.data]] : [];
  });
  return Object.fromEntries(found) as Partial<RunSettings>;
}

/** A run's name made from a file's, without what char-rnn adds to it and without characters that names may not contain. */
export function runNameFrom(file: string): string {
  const [, savefile = file] = /^(?:lm_)?(.+)_epoch\d+\.\d+_[a-z]*\d+\.\d+$/.exec(file) ?? [];
  const plain = savefile.replace(/[^\p{L}\p{N} ._'’-]+/gu, ' ').replace(/^[^\p{L}\p{N}]+/u, '');
  const name = Array.from(plain).slice(0, 80).join('').trim();
  return runSettings.name.pattern.test(name) ? name : defaultRunSettings.name;
}
