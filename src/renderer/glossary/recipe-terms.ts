import type { TermEntry } from './term-entry.ts';

/** What a recipe is made of. */
export const recipeTerms = {
  recipe: {
    word: 'recipe',
    meaning: 'A named way of training: which cells, which learning rate over time, which weights are kept.',
    more: 'The modern recipe makes a far better model in the same time. char-rnn’s trains exactly as that program does: take it to compare with its results.',
    see: ['layer-normalisation', 'averaged-weights', 'schedule'],
  },
  'layer-normalisation': {
    word: 'layer normalisation',
    meaning: 'Rescales the sums inside every cell to a common range before they are used.',
    more: 'The model learns several times faster and tolerates a higher learning rate; each iteration takes a little longer. Turn it off only to train as char-rnn does.',
    see: ['recipe', 'learning-rate'],
  },
  'residual-connection': {
    word: 'residual connection',
    meaning: 'Adds what a layer reads to what it says, so that the next layer gets both.',
    more: 'Each layer then only has to learn what is to be added. It pays from three layers on; with two it changes nothing to speak of.',
    see: ['layer'],
  },
  'averaged-weights': {
    word: 'averaged weights',
    meaning: 'A second set of weights: the moving average of the weights of recent iterations.',
    more: 'Single iterations overshoot in one direction or another; their average is usually the better model. Charloom measures both sets, and a checkpoint writes with the better one. Each measurement takes twice as long.',
    see: ['parameter', 'checkpoint', 'validation-loss'],
  },
  schedule: {
    word: 'learning-rate schedule',
    meaning: 'How the learning rate changes over a run: large at first, small at the end.',
    more: 'With a learning rate that falls to zero at the planned end, much of the gain comes in the last part of the run, so a validation loss that stands still halfway says little. char-rnn’s schedule lowers it after each epoch and has no end. A warm-up raises it from zero over the first iterations.',
    see: ['learning-rate', 'learning-rate-decay', 'epoch'],
  },
  'weight-decay': {
    word: 'weight decay',
    meaning: 'Makes every weight a little smaller in each step, so that only what is used stays large.',
    more: 'Another cure for overfitting, beside dropout: 0.1 is a usual value. Leave it at 0 while the validation loss still falls.',
    see: ['overfitting', 'dropout'],
  },
  'weight-drop': {
    word: 'weight drop',
    meaning:
      'Leaves out some connections from one moment to the next at random, for one step of learning each time.',
    more: 'For large models that learn short texts by heart: try 0.3 together with dropout. Learning takes longer for it. When writing or measuring, all connections are there.',
    see: ['overfitting', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;
