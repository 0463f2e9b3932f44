import { z } from 'zod';
import { modelKinds } from './model-spec.ts';
import { settingSchema, type SettingDefinition, type SettingValue } from './setting-definition.ts';

/**
 * Every setting of a run, with char-rnn's defaults (train.lua at 6f9487a). This table is data: the command line, the schema,
 * docs/settings.md and the forms are made from it.
 */
export const runSettings = {
  name: {
    kind: 'text',
    flag: 'name',
    title: 'Name',
    pattern: /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u,
    patternMeaning:
      'must start with a letter or digit and hold only letters, digits, spaces, dots, dashes and underscores (80 at most)',
    default: 'lstm',
    group: 'data',
    charRnn: '-savefile',
    effect: 'Goes into the name of the run folder and of every checkpoint file.',
  },
  symbols: {
    kind: 'choice',
    flag: 'symbols',
    title: 'Symbols',
    choices: ['characters', 'bytes'],
    default: 'characters',
    group: 'data',
    effect:
      'What the model reads and writes one at a time: Unicode characters, or the raw bytes of the file as char-rnn does.',
  },
  batchSize: {
    kind: 'integer',
    flag: 'batch-size',
    title: 'Batch size',
    minimum: 1,
    maximum: 65_536,
    default: 50,
    unit: 'streams of text',
    group: 'data',
    charRnn: '-batch_size',
    effect:
      'How many places of the text are read side by side; larger is smoother and faster per character, but needs a longer text.',
  },
  sequenceLength: {
    kind: 'integer',
    flag: 'seq-length',
    title: 'Sequence length',
    minimum: 1,
    maximum: 65_536,
    default: 50,
    unit: 'symbols',
    group: 'data',
    charRnn: '-seq_length',
    effect:
      'How many symbols back an error is traced in one step; the memory the model carries goes on beyond it.',
  },
  trainFraction: {
    kind: 'number',
    flag: 'train-frac',
    title: 'Training fraction',
    minimum: 0,
    maximum: 1,
    default: 0.95,
    unit: 'of the chunks',
    group: 'data',
    charRnn: '-train_frac',
    effect: 'Share of the chunks the model learns from.',
  },
  validationFraction: {
    kind: 'number',
    flag: 'val-frac',
    title: 'Validation fraction',
    minimum: 0,
    maximum: 1,
    default: 0.05,
    unit: 'of the chunks',
    group: 'data',
    charRnn: '-val_frac',
    effect:
      'Share of the chunks kept aside to measure the model; what neither fraction takes is the test split.',
  },
  model: {
    kind: 'choice',
    flag: 'model',
    title: 'Model',
    choices: modelKinds,
    default: 'lstm',
    group: 'model',
    charRnn: '-model',
    effect:
      'The kind of recurrent cell: LSTM remembers best, GRU is a little smaller, RNN is the plain original.',
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
      'Larger models fit more of the text and train more slowly; raise it for texts above two million characters.',
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
    effect: 'Stacked layers; two or three suit almost every text.',
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
    group: 'model',
    charRnn: '-dropout',
    effect:
      'Blanks random units while training so that the model cannot learn the text by heart; try 0.5 when validation loss rises.',
  },
  optimizer: {
    kind: 'choice',
    flag: 'optimizer',
    title: 'Optimizer',
    choices: ['rmsprop', 'adam'],
    default: 'rmsprop',
    group: 'training',
    effect: "How a gradient becomes a change of the parameters; RMSProp is char-rnn's.",
  },
  learningRate: {
    kind: 'number',
    flag: 'learning-rate',
    title: 'Learning rate',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 10,
    default: 0.002,
    unit: '',
    group: 'training',
    charRnn: '-learning_rate',
    effect: 'Size of each change; too high explodes, too low learns slowly.',
  },
  learningRateDecay: {
    kind: 'number',
    flag: 'learning-rate-decay',
    title: 'Learning rate decay',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1,
    default: 0.97,
    unit: 'factor per epoch',
    group: 'schedule',
    charRnn: '-learning_rate_decay',
    effect:
      'The learning rate is multiplied by this at the end of each epoch once decay has begun; 1 keeps it constant.',
  },
  learningRateDecayAfter: {
    kind: 'integer',
    flag: 'learning-rate-decay-after',
    title: 'Decay after',
    minimum: 0,
    maximum: 1_000_000,
    default: 10,
    unit: 'epochs',
    group: 'schedule',
    charRnn: '-learning_rate_decay_after',
    effect: 'The first epoch at whose end the learning rate decays.',
  },
  decayRate: {
    kind: 'number',
    flag: 'decay-rate',
    title: 'RMSProp smoothing',
    minimum: 0,
    maximum: 1,
    exclusiveMaximum: true,
    default: 0.95,
    unit: '',
    group: 'training',
    charRnn: '-decay_rate',
    effect: 'How long RMSProp remembers the size of past gradients; not the learning rate decay.',
  },
  gradientClip: {
    kind: 'number',
    flag: 'grad-clip',
    title: 'Gradient clip',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1_000_000,
    default: 5,
    unit: 'per element',
    group: 'training',
    charRnn: '-grad_clip',
    effect:
      'Every element of the gradient (summed over time) is kept within this bound, which tames explosions.',
  },
  maxEpochs: {
    kind: 'integer',
    flag: 'max-epochs',
    title: 'Epochs',
    minimum: 1,
    maximum: 1_000_000,
    default: 50,
    unit: 'passes over the training text',
    group: 'schedule',
    charRnn: '-max_epochs',
    effect: 'How many times the training chunks are read from beginning to end.',
  },
  maxIterations: {
    kind: 'integer',
    flag: 'max-iterations',
    title: 'Iterations at most',
    minimum: 0,
    maximum: 1_000_000_000,
    default: 0,
    unit: 'iterations, 0 for no limit',
    group: 'schedule',
    effect: 'Ends the run after this many iterations even when epochs remain.',
  },
  evaluateEvery: {
    kind: 'integer',
    flag: 'eval-every',
    title: 'Evaluate every',
    minimum: 1,
    maximum: 1_000_000_000,
    default: 1000,
    unit: 'iterations',
    group: 'schedule',
    charRnn: '-eval_val_every',
    effect: 'How often the validation loss is measured and a checkpoint kept.',
  },
  seed: {
    kind: 'integer',
    flag: 'seed',
    title: 'Seed',
    minimum: 0,
    maximum: 4_294_967_295,
    default: 123,
    unit: '',
    group: 'training',
    charRnn: '-seed',
    effect: 'The same seed, text and settings give the same run.',
  },
  onExplosion: {
    kind: 'choice',
    flag: 'on-explosion',
    title: 'When the loss explodes',
    choices: ['stop', 'recover'],
    default: 'stop',
    group: 'safety',
    effect:
      'Stop and keep everything as char-rnn does, or go back to the last good checkpoint, halve the learning rate and go on.',
  },
} as const satisfies Record<string, SettingDefinition>;

export type RunSettingKey = keyof typeof runSettings;

/** The settings of a run, every one present. */
export type RunSettings = {
  readonly [K in RunSettingKey]: SettingValue<(typeof runSettings)[K]>;
};

export const runSettingKeys = Object.keys(runSettings) as readonly RunSettingKey[];

/** Checks a complete set of settings; unknown keys are refused. */
export const runSettingsSchema = z.strictObject(
  Object.fromEntries(runSettingKeys.map((key) => [key, settingSchema(runSettings[key])])),
) as unknown as z.ZodType<RunSettings>;

/** char-rnn's defaults. */
export const defaultRunSettings = Object.fromEntries(
  runSettingKeys.map((key) => [key, runSettings[key].default]),
) as unknown as RunSettings;
