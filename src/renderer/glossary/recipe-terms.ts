import type { TermEntry } from './term-entry.ts';

/** What a recipe is made of. */
export const recipeTerms = {
  recipe: {
    word: 'recipe',
    meaning: 'A named set of training methods: cells, learning-rate schedule and averaged weights.',
    more: 'The modern recipe gives a much better model in the same time. The char-rnn recipe trains exactly like char-rnn: use it to compare results.',
    see: ['layer-normalisation', 'averaged-weights', 'schedule'],
  },
  'layer-normalisation': {
    word: 'layer normalisation',
    meaning: 'Rescales the sums inside every cell to a common range.',
    more: 'The model learns several times faster and tolerates a higher learning rate; each iteration takes a little longer. Turn it off only to train like char-rnn.',
    see: ['recipe', 'learning-rate'],
  },
  'residual-connection': {
    word: 'residual connection',
    meaning: 'Adds a layer’s input to its output, so that the next layer gets both.',
    more: 'Each layer then only has to learn what to add. It helps most with three or more layers.',
    see: ['layer'],
  },
  'averaged-weights': {
    word: 'averaged weights',
    meaning: 'A second set of weights: the moving average of the weights of recent iterations.',
    more: 'Single iterations overshoot in one direction or another; their average is usually a better model. Charloom measures both sets, and a checkpoint writes with the better one. Each measurement takes twice as long.',
    see: ['parameter', 'checkpoint', 'validation-loss'],
  },
  schedule: {
    word: 'learning-rate schedule',
    meaning: 'How the learning rate changes over a run: large at first, small at the end.',
    more: 'With a learning rate that falls to zero at the planned end, much of the gain comes in the last part of the run, so a validation loss that does not fall halfway means little. char-rnn’s schedule lowers it after each epoch and has no end. A warm-up raises it from zero over the first iterations.',
    see: ['learning-rate', 'learning-rate-decay', 'epoch'],
  },
  'weight-decay': {
    word: 'weight decay',
    meaning: 'Shrinks every weight slightly in each iteration, so that only useful weights stay large.',
    more: 'Also reduces overfitting: 0.1 is a usual value. Leave it at 0 while the validation loss still falls.',
    see: ['overfitting', 'dropout'],
  },
  'weight-drop': {
    word: 'weight drop',
    meaning: 'Leaves out random recurrent connections for one iteration at a time.',
    more: 'For large models that overfit short texts: try 0.3 together with dropout. Training then takes longer. All connections are used when writing and measuring.',
    see: ['overfitting', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;
