import type { TermEntry } from './term-entry.ts';

/** The model and what computes it. */
export const modelTerms = {
  lstm: {
    word: 'LSTM',
    meaning: 'A network with a long memory that it guards with gates: the best choice for most texts.',
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
    meaning: 'The plainest network with memory: fast, and it forgets quickly.',
    more: 'Recurrent neural network. Good for seeing what the gates of the others are for.',
    see: ['lstm', 'gru'],
  },
  layer: {
    word: 'layer',
    meaning: 'One of several networks stacked on top of each other, each reading what the one below says.',
    more: 'Two or three are right for nearly every text.',
    see: ['layer-size'],
  },
  'layer-size': {
    word: 'layer size',
    meaning: 'How many units each layer has: how much it can keep in mind at once.',
    more: '128 suits a text of about a million characters; for several million, 300 and more. Twice the size is about four times the work.',
    see: ['layer', 'parameter'],
  },
  'hidden-state': {
    word: 'memory of the model',
    meaning: 'What a model carries from symbol to symbol: all it knows of what it has read so far.',
    more: 'It begins empty when a text is begun to be written, and is filled by the opening words.',
    see: ['opening-words', 'sequence-length'],
  },
  parameter: {
    word: 'parameter',
    meaning: 'A number inside the model that learning changes.',
    more: 'A good model has roughly as many parameters as its text has symbols: the same order of magnitude.',
    see: ['layer-size'],
  },
  backend: {
    word: 'backend',
    meaning:
      'What does the arithmetic: the embedded one runs on every computer, WebGPU uses the graphics card.',
    more: 'All do the same, apart from rounding, and a model of one can be used with the others. “Whichever is fastest” measures each and takes the fastest.',
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
    more: 'A few steps of learning are compared with numbers that were worked out beforehand with great precision.',
    see: ['backend'],
  },
  thread: {
    word: 'thread',
    meaning: 'A share of the work that one core of the processor does by itself.',
    more: 'More threads are faster, up to the number of cores; the result is the same. Take one or two fewer to keep the computer quick for other things.',
  },
  preset: {
    word: 'preset',
    meaning: 'The settings of a run, saved under a name.',
    more: 'Save one on the page Run setup, and lay it over any text.',
  },
  safetensors: {
    word: 'safetensors',
    meaning:
      'The kind of file that checkpoints are: plain numbers with a description, and nothing that could run.',
    more: 'Other programs can read it too. It is safe to open one from somebody else.',
    see: ['checkpoint'],
  },
} as const satisfies Record<string, TermEntry>;
