import { readTextFile } from '../../node/texts/text-file.ts';
import { defaultRecipe, recipeSettings, type RecipeName } from '../../shared/domain/recipes.ts';
import {
  defaultRunSettings,
  runSettings,
  type RunSettingKey,
  type RunSettings,
} from '../../shared/domain/run-settings.ts';
import { formatShare } from '../../shared/format/numbers.ts';
import { idleReason } from '../../shared/planning/idle-settings.ts';
import { resolvePreset, type PresetKey } from '../../shared/planning/presets.ts';
import type { Output } from '../output.ts';

/** What decides the settings of a new run. */
export interface NewRunChoices {
  readonly recipe?: RecipeName;
  readonly preset?: PresetKey;
  readonly encoding?: string | undefined;
  /** Settings given individually; they override everything else. */
  readonly given: Partial<RunSettings>;
}

/** The settings of a new run on a text: those of the preset or the default recipe, then of the requested recipe, then those given individually. */
export async function newRunSettings(
  path: string,
  name: string,
  choices: NewRunChoices,
  output: Output,
): Promise<RunSettings> {
  const { recipe, preset, given } = choices;
  const base: RunSettings = { ...defaultRunSettings, name, ...given };
  const usual =
    preset === undefined
      ? recipeSettings(defaultRecipe)
      : await presetSettings(preset, path, base, choices, output);
  const asked = recipe === undefined ? {} : recipeSettings(recipe);
  const settings = { ...base, ...usual, ...asked, ...given };
  for (const line of idleLines(given, settings)) output.note(line);
  return settings;
}

/** A preset depends on the length of a text and on its symbols, so the text has to be read. */
async function presetSettings(
  preset: PresetKey,
  path: string,
  { symbols, lineEnds }: RunSettings,
  { encoding }: NewRunChoices,
  output: Output,
): Promise<Partial<RunSettings>> {
  const { corpus } = await readTextFile(
    path,
    { symbols, lineEnds, encoding },
    { onProgress: (fraction) => output.status(`reading ${path}: ${formatShare(fraction)}`) },
  );
  output.status('');
  return resolvePreset(preset, {
    characters: corpus.symbols.length,
    vocabularySize: corpus.vocabulary.codes.length,
  });
}

/** Settings that were given but have no effect. */
function idleLines(given: Partial<RunSettings>, settings: RunSettings): readonly string[] {
  return (Object.keys(given) as RunSettingKey[]).flatMap((key) => {
    const reason = idleReason(key, settings);
    return reason === null ? [] : [`--${runSettings[key].flag} has no effect: ${reason}`];
  });
}
