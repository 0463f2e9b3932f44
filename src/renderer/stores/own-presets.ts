import { textSettingsOf, type RunSettings } from '../../shared/domain/run-settings.ts';
import type { AppSettings } from '../../shared/domain/app.ts';

type Presets = AppSettings['presets'];

/** The limit of stored presets. */
export const maxPresets = 200;

/** Saves settings under a name, replacing an older preset of the same name. */
export function withPreset(presets: Presets, name: string, settings: RunSettings): Presets {
  return [...withoutPreset(presets, name), { name, settings }].toSorted((a, b) =>
    a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }),
  );
}

export function withoutPreset(presets: Presets, name: string): Presets {
  return presets.filter((preset) => preset.name !== name);
}

/** Null when the name is empty, too long, or another preset's. */
export function withRenamedPreset(presets: Presets, name: string, typed: string): Presets | null {
  const wanted = typed.trim();
  const isTaken = presets.some((preset) => preset.name === wanted && preset.name !== name);
  if (wanted === '' || wanted.length > 80 || isTaken) return null;
  return presets.map((preset) => (preset.name === name ? { ...preset, name: wanted } : preset));
}

/** Settings laid over a draft: the name and how a text is read belong to the text, and stay. */
export function laidOver(draft: RunSettings, settings: RunSettings): RunSettings {
  return { ...settings, ...textSettingsOf(draft) };
}
