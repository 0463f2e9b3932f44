import { plainModel } from '../../../shared/domain/model-spec.ts';
import { parameterCount } from '../../../shared/domain/model-tensors.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import { formatDuration } from '../../../shared/format/durations.ts';
import { formatCount, formatQuantity } from '../../../shared/format/numbers.ts';
import { evaluationPasses, evaluationsLeft } from '../../../shared/planning/evaluations.ts';
import { planChunks } from '../../../shared/planning/plan.ts';
import type { PresetKey } from '../../../shared/planning/presets.ts';
import type { Forecast } from '../../../shared/domain/run.ts';

export const presetWords: Readonly<Record<PresetKey, { readonly title: string; readonly about: string }>> = {
  quick: {
    title: 'A quick look',
    about: 'Shows whether the text is suitable. The model learns its first words. Good for experiments.',
  },
  good: {
    title: 'A good model',
    about: 'Sized for your text and trained until it writes in its style. The right choice for most texts.',
  },
  best: {
    title: 'The best model',
    about: 'The largest model that suits the text, with measures against overfitting. Takes longest.',
  },
};

/** "LSTM, 2 layers of 128 units". */
export function describeModel({ model, numLayers, rnnSize }: ShapeSettings): string {
  return `${model.toUpperCase()}, ${formatQuantity(numLayers, 'layer')} of ${formatCount(rnnSize)} units`;
}

type ShapeSettings = Pick<RunSettings, 'model' | 'numLayers' | 'rnnSize'> &
  Partial<Pick<RunSettings, 'layerNorm'>>;

export type SizedSettings = ShapeSettings &
  Pick<
    RunSettings,
    | 'batchSize'
    | 'sequenceLength'
    | 'trainFraction'
    | 'validationFraction'
    | 'maxEpochs'
    | 'maxIterations'
    | 'evaluateEvery'
    | 'averageDecay'
  >;

export function parametersOf(settings: ShapeSettings, vocabularySize: number): number {
  const { model, rnnSize, numLayers, layerNorm = false } = settings;
  return parameterCount({
    ...plainModel,
    model,
    rnnSize,
    numLayers,
    layerNorm,
    vocabularySize: Math.max(1, vocabularySize),
  });
}

/** A rough duration: "51 min", "3 h 2 min". */
export function formatEstimate(milliseconds: number): string {
  const minute = 60_000;
  if (milliseconds < minute) return `${Math.max(5, Math.round(milliseconds / 5000) * 5)} s`;
  return formatDuration(Math.round(milliseconds / minute) * minute);
}

export interface Fit {
  readonly level: 'small' | 'even' | 'large';
  readonly sentence: string;
}

/**
 * Parameters compared with the length of the text: char-rnn's advice is that both have the same order of magnitude.
 * @param isGuarded whether dropout and early stopping prevent overfitting
 */
export function fitOf(parameters: number, characters: number, isGuarded = false): Fit {
  const ratio = parameters / Math.max(1, characters);
  if (ratio < 0.03) {
    return {
      level: 'small',
      sentence: 'The model is much smaller than the text: a larger layer size would learn more.',
    };
  }
  if (ratio <= 3) {
    return {
      level: 'even',
      sentence: 'Model and text have the same order of magnitude, which works best.',
    };
  }
  if (isGuarded && ratio <= 30) {
    return {
      level: 'even',
      sentence: 'The model is larger than the text; dropout and early stopping prevent overfitting.',
    };
  }
  const much = ratio > 10 ? 'far larger' : 'larger';
  return {
    level: 'large',
    sentence: `The model is ${much} than the text and may overfit: use smaller layers or more dropout.`,
  };
}

/** The cost of a run is about proportional to this. */
function work(settings: SizedSettings, characters: number, vocabularySize: number): number {
  const plan = planChunks({ ...settings, characters });
  const symbols = settings.batchSize * settings.sequenceLength * parametersOf(settings, vocabularySize);
  const { iterations, chunks } = plan;
  const { evaluateEvery } = settings;
  const evaluations =
    evaluationsLeft({ iteration: 0, iterations, evaluateEvery }) *
    evaluationPasses(settings) *
    chunks.validation;
  // An evaluation is a forward pass only, a third of a step.
  return symbols * (iterations + evaluations / 3);
}

/**
 * How long a run with other settings would take, judged by one that was measured: right in its order of magnitude, which is enough to choose by.
 */
export function roughDuration(
  other: SizedSettings,
  measured: {
    readonly settings: SizedSettings;
    readonly characters: number;
    readonly vocabularySize: number;
  },
  { duration }: Pick<Forecast, 'duration'>,
): number {
  const { settings, characters, vocabularySize } = measured;
  const known = work(settings, characters, vocabularySize);
  return known === 0 ? 0 : (duration * work(other, characters, vocabularySize)) / known;
}
