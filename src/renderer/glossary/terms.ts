/** Every term that the pages use, in plain words. A term on a page links here (components/Term.svelte). */
export interface TermEntry {
  readonly word: string;
  /** One sentence. */
  readonly meaning: string;
  /** What to do with it, or an example. */
  readonly more: string;
}

export const glossary = {
  'batch-size': {
    word: 'batch size',
    meaning: 'How many places of the text are read side by side in one step (B).',
    more: 'The text is laid out in that many stripes. A larger batch makes steps smoother and faster per character, but needs a longer text.',
  },
  'sequence-length': {
    word: 'sequence length',
    meaning: 'How many symbols of each stripe are read in one step (S).',
    more: 'An error is traced back at most this far. What the model remembers goes on beyond it, from step to step.',
  },
  chunk: {
    word: 'chunk',
    meaning: 'What one step reads: batch size times sequence length symbols.',
    more: 'A text of N symbols holds N / (B × S) chunks, rounded down. Fewer than about 50 training chunks are too few to learn much.',
  },
  symbol: {
    word: 'symbol',
    meaning: 'What the model reads and writes one at a time: a letter, a space, a mark, a line end.',
    more: 'Each different symbol of your text is one entry of the vocabulary. An emoji is one symbol too.',
  },
  vocabulary: {
    word: 'vocabulary',
    meaning: 'All the different symbols of a text.',
    more: 'A model can only write what is in the vocabulary of the text it learned from. Symbols that occur a few times only are hardly learned.',
  },
  'training-split': {
    word: 'training text',
    meaning: 'The part of the text that the model learns from.',
    more: 'Usually 90 to 95 percent of the chunks.',
  },
  'validation-split': {
    word: 'validation text',
    meaning:
      'A part kept aside to measure whether the model learned something that holds for text it has not seen.',
    more: 'Training never looks at it. The checkpoint that does best here is the one to use.',
  },
  'test-split': {
    word: 'test text',
    meaning: 'A part that is looked at only at the very end, for an honest last number.',
    more: 'Most people leave it empty.',
  },
  loss: {
    word: 'loss',
    meaning: 'How surprised the model is by the next symbol, on average. Lower is better.',
    more: 'Measured in nats: a loss of 1.5 means that the model hesitates between about e^1.5 = 4.5 equally likely symbols at every place.',
  },
  'validation-loss': {
    word: 'validation loss',
    meaning: 'The loss on the validation text: the number that tells which checkpoint is best.',
    more: 'When it stops falling, or rises while the training loss goes on falling, more training makes the model worse.',
  },
  baseline: {
    word: 'baseline',
    meaning: 'What mere counting would score on the same text: of letters, of pairs, of triples.',
    more: 'A model below the line of the triples has learned something that cannot be got by counting three letters at a time.',
  },
  epoch: {
    word: 'epoch',
    meaning: 'One pass over all training chunks.',
    more: 'Small texts need more of them; with too many the model begins to learn the text by heart.',
  },
  iteration: {
    word: 'iteration',
    meaning: 'One step of learning: one chunk is read, and every parameter moves a little.',
    more: 'An epoch has as many iterations as there are training chunks.',
  },
  checkpoint: {
    word: 'checkpoint',
    meaning: 'The model as it was at one moment, in a file.',
    more: 'Its name holds the epoch and the validation loss. The lowest loss is the one to use, and it is not always the last.',
  },
  overfitting: {
    word: 'overfitting',
    meaning: 'The model learns the training text by heart instead of how such texts are written.',
    more: 'The training loss falls while the validation loss rises. Use an earlier checkpoint; next time a smaller model, more dropout or more text.',
  },
  'learning-rate': {
    word: 'learning rate',
    meaning: 'How far the parameters move in one step.',
    more: 'Too high and the loss explodes, too low and nothing happens. 0.002 is good for most texts.',
  },
  dropout: {
    word: 'dropout',
    meaning:
      'The share of units that are silenced at random while learning, so that the model cannot lean on any one of them.',
    more: 'A cure for overfitting: try 0.25 to 0.5 with larger models.',
  },
  lstm: {
    word: 'LSTM',
    meaning: 'A network with a long memory that it guards with gates: the best choice for most texts.',
    more: 'Long short-term memory, 1997.',
  },
  gru: {
    word: 'GRU',
    meaning: 'A simpler relative of the LSTM: a little faster, often nearly as good.',
    more: 'Gated recurrent unit, 2014.',
  },
  rnn: {
    word: 'RNN',
    meaning: 'The plainest network with memory: fast, and it forgets quickly.',
    more: 'Good for seeing what the others are for.',
  },
  layer: {
    word: 'layer',
    meaning: 'Networks stacked on top of each other, each reading what the one below says.',
    more: 'Two or three are right for nearly everything.',
  },
  parameter: {
    word: 'parameter',
    meaning: 'A number inside the model that learning changes.',
    more: 'A good model has about as many parameters as the text has symbols, give or take a factor of ten.',
  },
  'gradient-norm': {
    word: 'gradient norm',
    meaning: 'How strongly a step pulls at the parameters.',
    more: 'Steady is good. A sudden spike often comes before the loss explodes.',
  },
  temperature: {
    word: 'temperature',
    meaning: 'How daring the model is when it writes.',
    more: 'At 1 it writes as it learned. Lower is safer and repeats itself, higher is bolder and makes more mistakes. 0.5 to 0.8 often reads best.',
  },
  'top-k': {
    word: 'likeliest symbols only',
    meaning: 'Lets the model choose only among its k best candidates.',
    more: 'Keeps rare slips out without making the text dull. 0 means no limit.',
  },
  greedy: {
    word: 'greedy',
    meaning: 'Always takes the likeliest symbol.',
    more: 'Soon goes round in circles; good for seeing what the model is surest of.',
  },
  seed: {
    word: 'seed',
    meaning: 'A number that fixes all chance: the same seed, settings and text give the same result.',
    more: 'Change it for another result of the same kind.',
  },
  encoding: {
    word: 'encoding',
    meaning: 'How the letters of a text are stored as bytes in a file.',
    more: 'If you see odd signs where accents or quotes should be, choose another one.',
  },
  backend: {
    word: 'backend',
    meaning:
      'What does the arithmetic: the embedded one runs on every computer, TensorFlow can use a graphics card.',
    more: 'Both give the same model. Automatic tries both and takes the faster.',
  },
} as const satisfies Record<string, TermEntry>;

export type TermKey = keyof typeof glossary;

/** Whether an address names a term. */
export function isTerm(key: string): key is TermKey {
  return Object.hasOwn(glossary, key);
}
