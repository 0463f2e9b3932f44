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
    meaning: 'Brings the sums inside every cell to one common scale before they are used.',
    more: 'The model learns several times faster and bears a higher learning rate, for a little more work in each iteration. Turn it off only to train as char-rnn does.',
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
    meaning: 'A second set of parameters: the average of those of the last iterations.',
    more: 'Single steps go to and fro, and their average lies closer to the middle of the valley. Both are measured each time, and a checkpoint is used with the better one. Measuring takes twice as long for it.',
    see: ['parameter', 'checkpoint', 'validation-loss'],
  },
  schedule: {
    word: 'schedule',
    meaning: 'How the learning rate goes over the run: first large steps, at the end fine ones.',
    more: 'A rate that falls to zero at the planned end brings the lowest loss there, most of it late; before that, a loss that rests says little. By epochs, as char-rnn does it, the rate falls slowly and never ends. During a warm-up it first rises from nothing.',
    see: ['learning-rate', 'learning-rate-decay'],
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
