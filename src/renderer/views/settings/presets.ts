import type { AppSettings } from '../../../shared/ipc/schemas/app.ts';

type Presets = AppSettings['presets'];

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
