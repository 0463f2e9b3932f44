import type { TermEntry } from './term-entry.ts';

/** The model and what computes it. */
export const modelTerms = {
  lstm: {
    word: 'LSTM',
    meaning: 'A network whose gates protect a long memory: the best choice for most texts.',
    more: 'Long short-term memory, published in 1997.',
    see: ['gru', 'rnn'],
  },
  gru: {
    word: 'GRU',
    meaning: 'A simpler relative of the LSTM: a quarter smaller, a little faster, often nearly as good.',
    more: 'Gated recurrent unit, published in 2014.',
    see: ['lstm', 'rnn'],
  },
  rnn: {
    word: 'RNN',
    meaning: 'The simplest network with memory: fast, but it forgets quickly.',
    more: 'Recurrent neural network. Useful to see what the gates of the others are for.',
    see: ['lstm', 'gru'],
  },
  layer: {
    word: 'layer',
    meaning: 'One of several networks stacked on top of each other; each reads the output of the one below.',
    more: 'Two or three suit nearly every text.',
    see: ['layer-size'],
  },
  'layer-size': {
    word: 'layer size',
    meaning: 'The number of units in each layer: how much it can remember.',
    more: '128 suits a text of about a million characters, 300 or more a text of several million. Twice the size is about four times the work.',
    see: ['layer', 'parameter'],
  },
  'hidden-state': {
    word: 'memory of the model',
    meaning: 'What a model carries from symbol to symbol: everything it remembers of the text so far.',
    more: 'It is empty at the start of a text, and the opening words fill it.',
    see: ['opening-words', 'sequence-length'],
  },
  parameter: {
    word: 'parameter',
    meaning: 'A number inside the model that training changes.',
    more: 'A good model has about as many parameters as its text has symbols (the same order of magnitude).',
    see: ['layer-size'],
  },
  backend: {
    word: 'backend',
    meaning:
      'The part that computes: the embedded backend runs on every computer, WebGPU uses the graphics card.',
    more: 'All give the same results apart from rounding, and a model works with any of them. “Automatic” measures each and takes the fastest.',
    see: ['graphics-card', 'self-test'],
  },
  'graphics-card': {
    word: 'graphics card',
    meaning:
      'The part of a computer that draws the screen (GPU); it can also train models, often many times faster than the processor.',
    more: 'Charloom uses it through WebGPU, for cards of every maker, or through TensorFlow for NVIDIA. The gain grows with the layer size; a small model is often as fast on the processor. You do not need one.',
    see: ['backend', 'layer-size'],
  },
  'self-test': {
    word: 'self-test',
    meaning: 'Checks that a backend computes correctly on this computer.',
    more: 'A few training steps are compared with results computed beforehand in double precision.',
    see: ['backend'],
  },
  thread: {
    word: 'thread',
    meaning: 'A share of the work that runs on one processor core.',
    more: 'More threads are faster, up to the number of cores; the results are the same. Use one or two fewer to leave power for other programs.',
  },
  preset: {
    word: 'preset',
    meaning: 'The settings of a run, saved under a name.',
    more: 'Save one on the Run setup page, and use it with any text.',
  },
  safetensors: {
    word: 'safetensors',
    meaning: 'The file format of checkpoints: numbers with a description, and no program code.',
    more: 'Other programs can read it too. It is safe to open one from another person.',
    see: ['checkpoint'],
  },
} as const satisfies Record<string, TermEntry>;
