import type { RunSettings } from '../domain/run-settings.ts';
import { defaultRunSettings } from '../domain/run-settings.ts';
import { plainModel } from '../domain/model-spec.ts';
import { parameterCount } from '../domain/model-tensors.ts';
import { planChunks } from './plan.ts';
import type { PlanFix } from './plan-types.ts';

/** How much patience a person has: the three ready-made sets of settings. */
export const presetKeys = ['quick', 'good', 'best'] as const;
export type PresetKey = (typeof presetKeys)[number];

/** What a preset decides; everything else of a run stays as it is. */
export type PresetSettings = Pick<
  RunSettings,
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
>;

export interface PresetText {
  readonly characters: number;
  readonly vocabularySize: number;
}

interface Rules {
  /** Parameters that a text of this many characters can feed. */
  readonly parameters: (characters: number) => number;
  readonly largestLayer: number;
  readonly sequenceLength: number;
  /** About how many iterations the run should take, and within which numbers of epochs. */
  readonly iterations: number;
  readonly epochs: { readonly fewest: number; readonly most: number };
}

/**
 * char-rnn's usual model of a quarter of a million parameters is as small as a good one gets, but for texts that are shorter than that:
 * there parameters keep below characters.
 */
const goodParameters = (characters: number): number =>
  Math.max(characters / 4, Math.min(characters * 0.75, 250_000));

/** "The number of parameters and of characters should be about the same"; a short text can do with twice as many, given much dropout. */
const maxParameters = (characters: number): number => Math.max(characters, Math.min(characters * 2, 500_000));

const rules: Readonly<Record<PresetKey, Rules>> = {
  quick: {
    parameters: goodParameters,
    largestLayer: 128,
    sequenceLength: 50,
    iterations: 1000,
    epochs: { fewest: 1, most: 30 },
  },
  // A megabyte or two gets char-rnn's 128 units and 50 epochs, six megabytes 300 and more, as its README advises.
  good: {
    parameters: goodParameters,
    largestLayer: 512,
    sequenceLength: 50,
    iterations: 25_000,
    epochs: { fewest: 5, most: 50 },
  },
  best: {
    parameters: maxParameters,
    largestLayer: 768,
    sequenceLength: 100,
    iterations: 60_000,
    epochs: { fewest: 15, most: 50 },
  },
};

const layerSizes = [32, 48, 64, 96, 128, 192, 256, 320, 384, 512, 768];
/** From here on a third layer pays. */
const longText = 5_000_000;
/** Below this even a small model can learn the text by heart. */
const shortText = 1_000_000;
/** Longer sequences need a text that still gives enough chunks. */
const textForLongSequences = 2_000_000;
/** Rows of symbols beyond these are seldom used: a Chinese novel must not be given a tiny model because of its many characters. */
const countedVocabulary = 128;
/** But from this layer size on all of them count, and together may be twice the text: what is hardly used still has to be computed and kept. */
const carefulFrom = 192;
/** Checkpoints that a run should leave behind, about. */
const checkpoints = 25;

/** The settings that a preset means for one text. Pure and instant, so it can be asked on every keystroke. */
export function resolvePreset(key: PresetKey, text: PresetText): PresetSettings {
  const rule = rules[key];
  const numLayers = key === 'best' && text.characters >= longText ? 3 : 2;
  const rnnSize = layerSize(rule, numLayers, text);
  const chunks = chunkSettings(rule, text.characters);
  const perEpoch = Math.max(1, planChunks({ ...planBase, ...chunks, ...text }).iterationsPerEpoch);
  const { fewest, most } = rule.epochs;
  const maxEpochs = Math.min(most, Math.max(fewest, Math.ceil(rule.iterations / perEpoch)));
  const whole = maxEpochs * perEpoch;
  // Only a quick look may end within an epoch: it is about minutes.
  const maxIterations = key === 'quick' && whole > rule.iterations ? rule.iterations : 0;
  const iterations = maxIterations === 0 ? whole : maxIterations;
  return {
    model: 'lstm',
    rnnSize,
    numLayers,
    dropout: dropout(key, rnnSize, text.characters),
    ...chunks,
    maxEpochs,
    maxIterations,
    evaluateEvery: roundNumber(Math.min(1000, Math.max(10, iterations / checkpoints))),
  };
}

/** Whether settings are those of a preset, as far as a preset goes. */
export function isPreset(settings: RunSettings, preset: PresetSettings): boolean {
  return (Object.keys(preset) as (keyof PresetSettings)[]).every((name) => settings[name] === preset[name]);
}

const planBase = { maxEpochs: 1, maxIterations: 0 };

function layerSize(rule: Rules, numLayers: number, { characters, vocabularySize }: PresetText): number {
  const most = rule.parameters(characters);
  const counted = Math.max(1, Math.min(countedVocabulary, vocabularySize));
  const fitting = layerSizes.filter((rnnSize) => {
    const spec = { model: 'lstm', rnnSize, numLayers, vocabularySize: counted, ...plainModel } as const;
    const isTooLarge = rnnSize >= carefulFrom && parameterCount({ ...spec, vocabularySize }) > 2 * characters;
    return rnnSize <= rule.largestLayer && !isTooLarge && parameterCount(spec) <= most;
  });
  return fitting.at(-1) ?? layerSizes[0] ?? 32;
}

/** Small texts and large models learn by heart; a quick look is over before they can. */
function dropout(key: PresetKey, rnnSize: number, characters: number): number {
  const isShort = characters < shortText;
  switch (key) {
    case 'quick':
      return 0;
    case 'good':
      return isShort || rnnSize >= 256 ? 0.25 : 0;
    case 'best':
      return characters < longText ? 0.5 : 0.25;
  }
}

type ChunkSettings = Required<PlanFix>;

/** Batch and splits: char-rnn's, or what the plan proposes until it has nothing better. */
function chunkSettings(rule: Rules, characters: number): ChunkSettings {
  const { batchSize, trainFraction, validationFraction } = defaultRunSettings;
  const sequenceLength = characters < textForLongSequences ? 50 : rule.sequenceLength;
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

/** To 1, 2 or 5 times a power of ten: 846 -> 1000, 93 -> 100, 34 -> 50. */
function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => value <= factor * power) ?? 10;
  return Math.round(step * power);
}
