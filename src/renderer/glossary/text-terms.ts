import type { TermEntry } from './term-entry.ts';

/** The text and how it is split. */
export const textTerms = {
  'batch-size': {
    word: 'batch size',
    meaning: 'How many places of the text are read side by side in one step (B).',
    more: 'The text is laid out in that many streams. A larger batch makes steps smoother and faster per character, but needs a longer text.',
    see: ['stream', 'sequence-length', 'chunk'],
  },
  'sequence-length': {
    word: 'sequence length',
    meaning: 'How many symbols of each stream are read in one step (S).',
    more: 'An error is traced back at most this far. What the model remembers goes on beyond it, from step to step.',
    see: ['batch-size', 'hidden-state'],
  },
  stream: {
    word: 'stream',
    meaning: 'One of the equally long pieces that a text is laid out in, one for each place of the batch.',
    more: 'All streams are read at the same time, each from its beginning to its end. That is why the validation text is the last part of every stream, spread over the whole book, and not simply its end.',
    see: ['batch-size', 'validation-split'],
  },
  chunk: {
    word: 'chunk',
    meaning: 'What one step reads: batch size times sequence length symbols.',
    more: 'A text of N symbols holds N / (B × S) chunks, rounded down; the symbols left over at its end are not used. Fewer than about 50 chunks in all are too few to learn much from.',
    see: ['batch-size', 'sequence-length', 'iteration'],
  },
  symbol: {
    word: 'symbol',
    meaning: 'What the model reads and writes one at a time: a letter, a space, a mark, a line end.',
    more: 'Each different symbol of your text is one entry of the vocabulary. Most emoji are one symbol; some are made of several.',
    see: ['vocabulary'],
  },
  vocabulary: {
    word: 'vocabulary',
    meaning: 'All the different symbols of a text.',
    more: 'A model can only read and write what is in the vocabulary of the text it learned from. Symbols that occur only a few times are hardly learned.',
    see: ['symbol'],
  },
  record: {
    word: 'record',
    meaning: 'One of many independent pieces that a text consists of: a poem, a message, a recipe, a name.',
    more: 'Told where records end, the model starts each with an empty memory, so nothing of one shapes the next, and it can write one by itself. A novel has none: it is one stream.',
    see: ['chunk'],
  },
  'training-split': {
    word: 'training text',
    meaning: 'The part of the text that the model learns from.',
    more: 'Usually 90 to 95 percent of the chunks.',
    see: ['validation-split', 'test-split'],
  },
  'validation-split': {
    word: 'validation text',
    meaning:
      'A part kept aside to measure whether the model learned something that holds for text it has not seen.',
    more: 'The model never learns from it. The checkpoint that does best here is the one to use. If it is very small, the number wavers by chance.',
    see: ['validation-loss', 'training-split'],
  },
  'test-split': {
    word: 'test text',
    meaning: 'A part that is looked at only at the very end, for an honest last number.',
    more: 'Choosing the best checkpoint by the validation text flatters it a little; the test text does not. Most people leave it empty.',
    see: ['validation-split'],
  },
  encoding: {
    word: 'encoding',
    meaning: 'How the letters of a text are stored as bytes in a file.',
    more: 'If you see odd signs where accents or quotes should be, choose another one.',
  },
} as const satisfies Record<string, TermEntry>;
