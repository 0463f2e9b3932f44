import type { TermEntry } from './term-entry.ts';

/** The text and how it is split. */
export const textTerms = {
  'batch-size': {
    word: 'batch size',
    meaning: 'The number of places in the text that are read in parallel in one iteration (B).',
    more: 'The text is divided into that many streams. A larger batch is smoother and faster per character, but needs a longer text.',
    see: ['stream', 'sequence-length', 'chunk'],
  },
  'sequence-length': {
    word: 'sequence length',
    meaning: 'The number of symbols of each stream that are read in one iteration (S).',
    more: 'Gradients flow back at most this far. The model’s state carries over beyond it, from iteration to iteration.',
    see: ['batch-size', 'hidden-state'],
  },
  stream: {
    word: 'stream',
    meaning: 'One of the B equally long pieces that a text is divided into.',
    more: 'All streams are read in parallel, each from beginning to end. The validation text is therefore the last part of every stream, spread over the whole book, and not just its end.',
    see: ['batch-size', 'validation-split'],
  },
  chunk: {
    word: 'chunk',
    meaning: 'What one iteration reads: batch size times sequence length symbols.',
    more: 'A text of N symbols has N / (B × S) chunks, rounded down; the rest at its end is not used. Fewer than about 50 chunks are too few to learn much.',
    see: ['batch-size', 'sequence-length', 'iteration'],
  },
  symbol: {
    word: 'symbol',
    meaning: 'The unit that the model reads and writes: a letter, a space, a punctuation mark, a line end.',
    more: 'Each different symbol of your text is one entry of the vocabulary. Most emoji are one symbol, some are several.',
    see: ['vocabulary'],
  },
  vocabulary: {
    word: 'vocabulary',
    meaning: 'All the different symbols of a text.',
    more: 'A model can only read and write the symbols of its training text. Symbols that occur only a few times are hardly learned.',
    see: ['symbol'],
  },
  record: {
    word: 'record',
    meaning: 'One of many independent parts of a text: a poem, a message, a recipe, a name.',
    more: 'If Charloom knows where records end, the model starts each with an empty state, so records do not influence each other and it can write a single one. A novel has no records.',
    see: ['chunk'],
  },
  'training-split': {
    word: 'training text',
    meaning: 'The part of the text that the model is trained on.',
    more: 'Usually 90 to 95 % of the chunks.',
    see: ['validation-split', 'test-split'],
  },
  'validation-split': {
    word: 'validation text',
    meaning: 'A held-out part that measures how well the model works on text it has not seen.',
    more: 'The model is never trained on it. Use the checkpoint with the lowest loss here. If the part is very small, the loss varies by chance.',
    see: ['validation-loss', 'training-split'],
  },
  'test-split': {
    word: 'test text',
    meaning: 'A held-out part for one final, unbiased measurement.',
    more: 'The best checkpoint was chosen by its validation loss, so that loss is slightly optimistic; the test loss is not. Most people leave this part empty.',
    see: ['validation-split'],
  },
  encoding: {
    word: 'encoding',
    meaning: 'How the characters of a text are stored as bytes in a file.',
    more: 'If accents or quotation marks look wrong, choose another one.',
  },
} as const satisfies Record<string, TermEntry>;
