import { residualModes } from '../residual.ts';
import { cells, cellKinds } from '../cells.ts';
import type { SettingDefinition } from '../setting-definition.ts';
import { titlesOf } from '../setting-words.ts';

/** What the network looks like. */
export const modelSettings = {
  model: {
    kind: 'choice',
    flag: 'model',
    title: 'Model',
    choices: cellKinds,
    default: 'lstm',
    group: 'model',
    charRnn: '-model',
    effect: `The kind of recurrent cell: ${cellKinds.map((kind) => `${cells[kind].title} ${cells[kind].trait}`).join(', ')}.`,
    term: 'lstm',
    words: titlesOf(cells),
  },
  rnnSize: {
    kind: 'integer',
    flag: 'rnn-size',
    title: 'Layer size',
    minimum: 1,
    maximum: 8192,
    default: 128,
    unit: 'units per layer',
    group: 'model',
    charRnn: '-rnn_size',
    effect:
      'Larger models learn more and train more slowly; raise it for texts above two million characters.',
    term: 'layer-size',
    slider: { minimum: 8, maximum: 1024, logarithmic: true },
  },
  numLayers: {
    kind: 'integer',
    flag: 'num-layers',
    title: 'Layers',
    minimum: 1,
    maximum: 32,
    default: 2,
    unit: 'layers',
    group: 'model',
    charRnn: '-num_layers',
    effect: 'Number of stacked layers; two or three suit almost every text.',
    term: 'layer',
    slider: { minimum: 1, maximum: 4 },
  },
  dropout: {
    kind: 'number',
    flag: 'dropout',
    title: 'Dropout',
    minimum: 0,
    maximum: 1,
    exclusiveMaximum: true,
    default: 0,
    unit: 'probability of dropping a unit',
    group: 'regularisation',
    charRnn: '-dropout',
    effect:
      'Drops random units during training so that the model cannot memorise the text; try 0.5 if the validation loss rises.',
    term: 'dropout',
    slider: { minimum: 0, maximum: 0.9 },
  },
  layerNorm: {
    kind: 'switch',
    flag: 'layer-norm',
    title: 'Layer normalisation',
    default: false,
    group: 'model',
    effect: 'Keeps the sums in every cell on one scale, so the model learns several times faster.',
    term: 'layer-normalisation',
  },
  residual: {
    kind: 'choice',
    flag: 'residual',
    title: 'Residual connections',
    choices: residualModes,
    default: 'off',
    group: 'model',
    effect:
      'Adds the input of a layer to its output, from the second layer up; helps most with three or more layers.',
    term: 'residual-connection',
    advanced: true,
    words: { off: 'Off', on: 'On', deep: 'With three or more layers' },
  },
} as const satisfies Record<string, SettingDefinition>;
