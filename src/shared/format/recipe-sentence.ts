import { isResidual } from '../domain/model-spec.ts';
import { optimizers } from '../domain/optimizers.ts';
import { recipeOf } from '../domain/recipes.ts';
import type { RunSettings } from '../domain/run-settings.ts';
import { assertNever } from '../errors.ts';
import { formatQuantity } from './numbers.ts';

/** How a run is trained, in one sentence: "Layer-normalised, averaged weights, rate falling to zero." */
export function recipeSentence(settings: RunSettings): string {
  const parts = [...trainingParts(settings), ...regularisationParts(settings)];
  const [first = '', ...rest] = parts;
  // A name that starts with a lower-case letter keeps it.
  const opening = first.startsWith('char-rnn') ? first : first.charAt(0).toUpperCase() + first.slice(1);
  return `${[opening, ...rest].join(', ')}.`;
}

function trainingParts(settings: RunSettings): readonly string[] {
  // Dropout is char-rnn's only regularisation, and its recipe does not include it.
  if (recipeOf(settings) === 'char-rnn') return ['char-rnn’s recipe'];
  const { layerNorm, optimizer, averageDecay, clipBy } = settings;
  return [
    ...(layerNorm ? ['layer-normalised'] : []),
    ...(isResidual(settings) && settings.numLayers > 1 ? ['residual connections'] : []),
    ...(optimizer === 'rmsprop' ? [] : [optimizerWords(settings)]),
    ...(averageDecay > 0 ? ['averaged weights'] : []),
    scheduleWords(settings),
    ...(clipBy === 'norm' ? ['gradient clipped by norm'] : []),
  ];
}

function optimizerWords({ optimizer, weightDecay }: RunSettings): string {
  return optimizer === 'adam' && weightDecay > 0 ? 'AdamW' : optimizers[optimizer].title;
}

function scheduleWords({ schedule, learningRateDecay }: RunSettings): string {
  switch (schedule) {
    case 'epochs':
      return learningRateDecay === 1 ? 'constant learning rate' : 'learning rate decays by epochs';
    case 'constant':
      return 'constant learning rate';
    case 'cosine':
    case 'linear':
      return 'learning rate falls to zero';
    default:
      return assertNever(schedule);
  }
}

function regularisationParts({
  dropout,
  weightDrop,
  weightDecay,
  shiftedEpochs,
  patience,
}: RunSettings): readonly string[] {
  return [
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
    ...(weightDrop > 0 ? [`weight drop ${weightDrop}`] : []),
    ...(weightDecay > 0 ? [`weight decay ${weightDecay}`] : []),
    ...(shiftedEpochs ? ['shifted epochs'] : []),
    ...(patience > 0 ? [`early stop after ${formatQuantity(patience, 'measurement')}`] : []),
  ];
}
