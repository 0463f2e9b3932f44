/** Every term that the pages use, in plain words. A term on a page links here (components/Term.svelte). */
export interface TermEntry {
  readonly word: string;
  /** One sentence. */
  readonly meaning: string;
  /** What to do with it, or an example. */
  readonly more: string;
  /** Terms that belong beside it, by key. */
  readonly see?: readonly string[];
}

export const glossary = {
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
  loss: {
    word: 'loss',
    meaning: 'How surprised the model is by the next symbol, on average. Lower is better.',
    more: 'Measured in nats: with a loss of 1.5 the model is as unsure, at every place, as if it had to choose between e^1.5 ≈ 4.5 equally likely symbols. A model that knows nothing of 65 symbols scores 4.17.',
    see: ['validation-loss', 'baseline'],
  },
  'training-loss': {
    word: 'training loss',
    meaning: 'The loss on the chunk that has just been learned from.',
    more: 'It jumps about, since every chunk is another piece of text. When it falls while the validation loss does not, the model learns by heart.',
    see: ['validation-loss', 'overfitting'],
  },
  'validation-loss': {
    word: 'validation loss',
    meaning: 'The loss on the validation text: the number that tells which checkpoint is best.',
    more: 'When it stops falling, or rises while the training loss goes on falling, more training makes the model worse.',
    see: ['validation-split', 'overfitting', 'checkpoint'],
  },
  baseline: {
    word: 'baseline',
    meaning:
      'What mere guessing or counting would score on the same text: of single letters, of pairs, of triples.',
    more: 'A model below the line of the triples has learned something that cannot be got by counting three letters at a time.',
    see: ['loss'],
  },
  epoch: {
    word: 'epoch',
    meaning: 'One pass over all training chunks.',
    more: 'Small texts need more of them; with too many the model begins to learn the text by heart.',
    see: ['iteration', 'overfitting'],
  },
  iteration: {
    word: 'iteration',
    meaning: 'One step of learning: one chunk is read, and every parameter moves a little.',
    more: 'An epoch has as many iterations as there are training chunks.',
    see: ['chunk', 'epoch'],
  },
  checkpoint: {
    word: 'checkpoint',
    meaning: 'The model as it was at one moment, in a file.',
    more: 'Its name holds the epoch and the validation loss. The one with the lowest loss is the one to use, and it is not always the last.',
    see: ['validation-loss', 'safetensors'],
  },
  resume: {
    word: 'resume',
    meaning: 'To go on with a run from its last checkpoint as if it had never stopped.',
    more: 'The model, its optimizer, the learning rate, the place in the text and all chance are kept, so the result is the same as without the break.',
    see: ['branch', 'checkpoint'],
  },
  branch: {
    word: 'new run from a checkpoint',
    meaning: 'A run of its own that begins with what another model has learned.',
    more: 'Good for going on from the best point with a lower learning rate, or for teaching a model a second text with the same symbols. Model, sizes and dropout stay as they were; epochs count from zero.',
    see: ['resume'],
  },
  overfitting: {
    word: 'overfitting',
    meaning: 'The model learns the training text by heart instead of how such texts are written.',
    more: 'The training loss falls while the validation loss rises. Use an earlier checkpoint; next time a smaller model, more dropout or more text.',
    see: ['validation-loss', 'dropout', 'underfitting'],
  },
  underfitting: {
    word: 'underfitting',
    meaning: 'The model is too small, or has not learned long enough, to make the most of the text.',
    more: 'Training and validation loss are nearly the same and no longer fall. A larger model goes further.',
    see: ['overfitting', 'layer-size'],
  },
  plateau: {
    word: 'plateau',
    meaning: 'The validation loss has stopped falling but does not rise either.',
    more: 'Training longer will change little. A larger model, another learning rate or more text might.',
    see: ['validation-loss'],
  },
  explosion: {
    word: 'explosion',
    meaning: 'The loss suddenly grows out of all bounds, and what was learned is lost.',
    more: 'Most often the learning rate is too high. The checkpoints from before are safe; a run may also go back to the last good one by itself and continue with half the rate.',
    see: ['learning-rate', 'gradient-clip'],
  },
  'learning-rate': {
    word: 'learning rate',
    meaning: 'How far the parameters move in one step.',
    more: 'Too high and the loss explodes, too low and hardly anything happens. 0.002 is a good start for most texts.',
    see: ['learning-rate-decay', 'explosion'],
  },
  'learning-rate-decay': {
    word: 'learning rate decay',
    meaning: 'Makes the learning rate a little smaller after every epoch, so that late steps are finer.',
    more: 'A factor of 0.97 from epoch 10 on is the usual choice; 1 keeps the rate as it is.',
    see: ['learning-rate'],
  },
  optimizer: {
    word: 'optimizer',
    meaning: 'The rule that turns the direction of an improvement into a change of every parameter.',
    more: 'RMSProp and Adam both take larger steps where the direction is steady and smaller ones where it wavers.',
    see: ['learning-rate'],
  },
  'gradient-norm': {
    word: 'gradient norm',
    meaning: 'How strongly a step pulls at the parameters.',
    more: 'Steady is good. A sudden spike often comes before the loss explodes.',
    see: ['gradient-clip', 'explosion'],
  },
  'gradient-clip': {
    word: 'gradient clip',
    meaning: 'A bound on how strongly a single step may pull at any one parameter.',
    more: 'It keeps rare, violent steps from undoing what was learned. 5 suits nearly everything.',
    see: ['gradient-norm', 'explosion'],
  },
  dropout: {
    word: 'dropout',
    meaning:
      'The share of units that are silenced at random while learning, so that the model cannot lean on any one of them.',
    more: 'A cure for overfitting: try 0.25 to 0.5 with larger models. When writing or measuring, nothing is silenced.',
    see: ['overfitting'],
  },
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
  sample: {
    word: 'sample',
    meaning: 'A short text that a model writes to show what it has learned.',
    more: 'Every checkpoint writes one with the same opening words and seed, so that they can be compared.',
    see: ['seed', 'opening-words'],
  },
  'opening-words': {
    word: 'opening words',
    meaning: 'What the model reads before it begins to write; it goes on in their manner.',
    more: 'A few words in the style of the text work best. Characters that the model does not know are replaced by the nearest it knows, or left out.',
    see: ['vocabulary', 'hidden-state'],
  },
  temperature: {
    word: 'temperature',
    meaning: 'How daring the model is when it writes.',
    more: 'At 1 it writes with the chances it has learned. Lower is safer and repeats itself, higher is bolder and makes more mistakes. 0.5 to 0.8 often reads best.',
    see: ['top-k', 'greedy', 'probability'],
  },
  'top-k': {
    word: 'likeliest symbols only',
    meaning: 'Lets the model choose only among its k best candidates.',
    more: 'Keeps rare slips out without making the text dull. 0 means no limit.',
    see: ['temperature'],
  },
  greedy: {
    word: 'greedy',
    meaning: 'Always takes the likeliest symbol.',
    more: 'Soon goes round in circles; good for seeing what the model is surest of.',
    see: ['temperature'],
  },
  probability: {
    word: 'probability',
    meaning: 'How likely the model held a symbol to be at its place, before it chose one.',
    more: 'The tint on the page Write shows it, and a click on a letter shows what else was likely there. It is the model’s own opinion: temperature and limits are not in it.',
    see: ['temperature'],
  },
  'stop-text': {
    word: 'stop text',
    meaning: 'Ends the writing as soon as the model has written exactly this.',
    more: 'For instance a line end, for one line; or two, for one paragraph.',
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
    more: 'Both do the same, apart from rounding, and a model of one can be used with the other. Automatic tries both and takes the faster.',
    see: ['self-test'],
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
  smoothing: {
    word: 'smoothing',
    meaning: 'Draws a calmer line through a curve that jumps about.',
    more: 'The raw curve stays visible beneath, since a smoothed one comes late and can hide what matters.',
    see: ['training-loss'],
  },
  copying: {
    word: 'copying',
    meaning: 'Writing passages word for word that stand in the text the model learned from.',
    more: 'Every author repeats a phrase now and then, so the page Write compares with how much of the text kept aside stands in the rest. A model that copies more than that has learned parts by heart: it is too large for its text or was trained too long.',
    see: ['overfitting', 'validation-split', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;

export type TermKey = keyof typeof glossary;

/** Whether an address names a term. */
export function isTerm(key: string): key is TermKey {
  return Object.hasOwn(glossary, key);
}

export interface FoundTerm extends TermEntry {
  readonly key: TermKey;
}

/** Terms whose word or explanation holds what was typed, by word; all of them for an empty search. */
export function findTerms(search: string): readonly FoundTerm[] {
  const wanted = search.trim().toLowerCase();
  return (Object.keys(glossary) as TermKey[])
    .map((key): FoundTerm => ({ key, ...glossary[key] }))
    .filter(({ word, meaning, more }) => `${word} ${meaning} ${more}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => a.word.localeCompare(b.word, 'en', { sensitivity: 'base' }));
}
