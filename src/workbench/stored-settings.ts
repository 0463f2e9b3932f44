import { z } from 'zod';
import { knownRunSettings, storedRunSettingsSchema } from '../shared/domain/run-settings.ts';
import { appSettingsSchema, defaultAppSettings, type AppSettings } from '../shared/domain/app.ts';

/** The stored form of settings; any version of Charloom may have written it. */
export type StoredSettings = Readonly<Record<string, unknown>>;

type Preset = AppSettings['presets'][number];

const storedSchema = z.record(z.string(), z.unknown());
const storedPresetSchema = z.looseObject({
  name: appSettingsSchema.shape.presets.unwrap().element.shape.name,
  settings: storedRunSettingsSchema,
});
const maxPresets = 200;

/** The stored object; an empty one if it is not an object. */
export function asStored(value: unknown): StoredSettings {
  return storedSchema.safeParse(value).data ?? {};
}

/** The stored settings, with defaults for missing or invalid ones, so that one bad value does not affect others. */
export function readSettings(stored: StoredSettings): AppSettings {
  const known = Object.entries(appSettingsSchema.shape)
    .filter(([key]) => key !== 'presets')
    .map(([key, schema]) => [key, schema.safeParse(stored[key]).data] as const)
    .filter(([, value]) => value !== undefined);
  const presets = presetsIn(stored)
    .flatMap(({ preset }) => preset ?? [])
    .slice(0, maxPresets);
  return appSettingsSchema.parse({ ...defaultAppSettings, ...Object.fromEntries(known), presets });
}

/**
 * What to store once settings have changed. What only another version of Charloom knows is kept: keys, values that are invalid here, presets
 * that cannot be read here, and keys inside presets.
 * @param changes only the settings that were changed
 */
export function storedAfter(stored: StoredSettings, changes: object, settings: AppSettings): StoredSettings {
  const unfit = Object.entries(appSettingsSchema.shape)
    .filter(([key, schema]) => key in stored && !(key in changes) && !schema.safeParse(stored[key]).success)
    .map(([key]) => [key, stored[key]]);
  const presets =
    'presets' in changes ? storedPresets(stored, settings.presets) : (stored['presets'] ?? settings.presets);
  return { ...stored, ...settings, ...Object.fromEntries(unfit), presets };
}

interface StoredPreset {
  readonly stored: unknown;
  /** Undefined when it cannot be read here. */
  readonly preset: Preset | undefined;
}

function presetsIn({ presets }: StoredSettings): readonly StoredPreset[] {
  if (!Array.isArray(presets)) return [];
  return presets.map((stored: unknown) => {
    const { data } = storedPresetSchema.safeParse(stored);
    return { stored, preset: data && { name: data.name, settings: knownRunSettings(data.settings) } };
  });
}

function storedPresets(before: StoredSettings, presets: readonly Preset[]): readonly unknown[] {
  const old = presetsIn(before);
  const names = new Set(presets.map(({ name }) => name));
  const unreadable = old.filter(({ stored, preset }) => preset === undefined && !names.has(nameOf(stored)));
  return [
    ...presets.map((preset) => ({
      ...asStored(originalOf(preset, old)),
      ...preset,
      settings: { ...asStored(asStored(originalOf(preset, old))['settings']), ...preset.settings },
    })),
    ...unreadable.map(({ stored }) => stored),
  ];
}

/** The stored form of this preset: found by its name, or by its settings if it was renamed. */
function originalOf({ name, settings }: Preset, old: readonly StoredPreset[]): unknown {
  const same = JSON.stringify(settings);
  const original =
    old.find(({ preset }) => preset?.name === name) ??
    old.find(({ preset }) => JSON.stringify(preset?.settings) === same);
  return original?.stored;
}

function nameOf(stored: unknown): string {
  const { name } = asStored(stored);
  return typeof name === 'string' ? name : '';
}
