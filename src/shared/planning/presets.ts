import { plainModel } from '../domain/model-spec.ts';
import { parameterCount } from '../domain/model-tensors.ts';
import { defaultRecipe, recipeSettings, type RecipeKey } from '../domain/recipes.ts';
import { defaultRunSettings, type RunSettings } from '../domain/run-settings.ts';
import { planChunks } from './plan.ts';
import type { PlanFix } from './plan-types.ts';
import { presetRow, type PresetKey, type PresetRow } from './preset-table.ts';

export { presetKeys, type PresetKey } from './preset-table.ts';

/** What a preset decides; everything else of a run stays as it is. */
export type PresetSettings = Pick<
  RunSettings,
  | RecipeKey
  | 'model'
  | 'rnnSize'
  | 'numLayers'
  | 'dropout'
  | 'batchSize'
  | 'sequenceLength'
  | 'trainFraction'
  | 'validationFraction'
  | 'maxEpochs'
  | 'maxIterations'
  | 'evaluateEvery'
  | 'patience'
>;

export interface PresetText {
  readonly characters: number;
  readonly vocabularySize: number;
}

const layerSizes = [32, 48, 64, 96, 128, 192, 256, 320, 384, 512, 768];
/** Symbols beyond this number are rare ones: a Chinese novel has thousands of characters. */
const usualVocabulary = 128;
/**
 * From this layer size, the rows of rare symbols may not take more parameters than the text has symbols: they are hardly used but still have to be
 * computed and stored.
 */
const carefulFrom = 192;
/** Shorter texts than those that were measured get smaller layers. */
const shortestMeasured = 20_000;
/** Maximum number of checkpoints that a run should leave behind. */
const checkpoints = 25;
/** Iterations between two measurements for each validation chunk: both sets of weights are measured then, which may take a tenth of the time at most. */
const iterationsPerValidationChunk = 7;

/** The settings that a preset means for one text. Pure and instant, so it can be called on every keystroke. */
export function resolvePreset(key: PresetKey, text: PresetText): PresetSettings {
  const row = presetRow(key, text.characters);
  const { numLayers, dropout, patience } = row;
  const chunks = chunkSettings(text.characters);
  const plan = planChunks({ ...planBase, ...chunks, ...text });
  const perEpoch = Math.max(1, plan.iterationsPerEpoch);
  const iterations = iterationsFor(row, chunks);
  const measurePause = Math.max(
    iterations / checkpoints,
    iterationsPerValidationChunk * plan.chunks.validation,
  );
  return {
    ...recipeSettings(defaultRecipe),
    ...row.recipe,
    model: 'lstm',
    rnnSize: layerSize(row, text),
    numLayers,
    dropout,
    ...chunks,
    maxEpochs: Math.max(1, Math.ceil(iterations / perEpoch)),
    maxIterations: iterations,
    evaluateEvery: Math.min(iterations, roundNumber(Math.max(10, measurePause))),
    patience,
  };
}

/** Whether settings are those of a preset, as far as a preset goes. */
export function isPreset(settings: RunSettings, preset: PresetSettings): boolean {
  return (Object.keys(preset) as (keyof PresetSettings)[]).every((name) => settings[name] === preset[name]);
}

const planBase = { maxEpochs: 1, maxIterations: 0 };

/** The measured size, or the largest below it that the text is long enough for. */
function layerSize({ rnnSize, numLayers }: PresetRow, { characters, vocabularySize }: PresetText): number {
  const most = characters < shortestMeasured ? Math.min(64, rnnSize) : rnnSize;
  const fitting = layerSizes.filter((size) => {
    const parametersWith = (vocabulary: number): number =>
      parameterCount({ model: 'lstm', ...plainModel, rnnSize: size, numLayers, vocabularySize: vocabulary });
    const unusual =
      parametersWith(Math.max(usualVocabulary, vocabularySize)) - parametersWith(usualVocabulary);
    return size <= most && (size < carefulFrom || unusual <= characters);
  });
  return fitting.at(-1) ?? 32;
}

type ChunkSettings = Required<PlanFix>;

/** As many iterations as read the number of symbols that the row was measured with: a short text is divided into smaller chunks, so that there are enough. */
function iterationsFor({ iterations }: PresetRow, { batchSize, sequenceLength }: ChunkSettings): number {
  const measured = defaultRunSettings.batchSize * defaultRunSettings.sequenceLength;
  return Math.round((iterations * measured) / (batchSize * sequenceLength));
}

/** Batch and splits: char-rnn's, or what the plan proposes, applied until it proposes nothing more. */
function chunkSettings(characters: number): ChunkSettings {
  const { batchSize, sequenceLength, trainFraction, validationFraction } = defaultRunSettings;
  let settings: ChunkSettings = { batchSize, sequenceLength, trainFraction, validationFraction };
  for (let round = 0; round < 4; round += 1) {
    const fix = planChunks({ ...planBase, ...settings, characters }).warnings.find(
      (warning) => warning.fix !== null,
    )?.fix;
    if (fix === undefined || fix === null) break;
    settings = { ...settings, ...fix };
  }
  return settings;
}

/** To the nearest of 1, 2 or 5 times a power of ten, on a scale of factors: 846 -> 1000, 210 -> 200, 34 -> 50. */
function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const distance = (factor: number): number => Math.abs(Math.log((factor * power) / value));
  const nearest = [1, 2, 5, 10].reduce((best, each) => (distance(each) < distance(best) ? each : best));
  return Math.round(nearest * power);
}
