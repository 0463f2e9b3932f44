import type { TermEntry } from './term-entry.ts';

/** Training and what comes of it. */
export const learningTerms = {
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
    more: 'When it stops falling, or rises while the training loss goes on falling, more training makes the model worse. It may lie below the training loss: that one is measured while the model still learns and with dropout at work, and the text kept aside may be the easier one.',
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
    more: 'Good for going on from the best point with a lower learning rate, or for teaching a model a second text. Where that has other symbols, the model keeps its own, or is widened by them. Model, sizes and dropout stay as they were; epochs count from zero.',
    see: ['resume'],
  },
  overfitting: {
    word: 'overfitting',
    meaning: 'The model learns the training text by heart instead of how such texts are written.',
    more: 'The training loss falls while the validation loss rises. Use an earlier checkpoint; next time a smaller model, more dropout or more text. A run with “Stop early after” ends by itself when its best is behind it.',
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
    more: 'Too high and the loss explodes, too low and hardly anything happens. 0.008 is a good start with layer normalisation and a falling rate (0.006 for layers of 256 units and more), 0.002 without.',
    see: ['schedule', 'learning-rate-decay', 'explosion'],
  },
  'learning-rate-decay': {
    word: 'learning rate decay',
    meaning:
      'Makes the learning rate a little smaller after every epoch, so that late steps are finer: char-rnn’s schedule.',
    more: 'A factor of 0.97 from epoch 10 on is the usual choice; 1 keeps the rate as it is.',
    see: ['learning-rate', 'schedule'],
  },
  optimizer: {
    word: 'optimizer',
    meaning: 'The rule that turns the direction of an improvement into a change of every parameter.',
    more: 'RMSProp and Adam both take larger steps where the direction is steady and smaller ones where it wavers. Muon also evens out the directions of each matrix as a whole: it gains more in an iteration, and an iteration takes longer, the more so the larger the layers.',
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
    more: 'It keeps rare, violent steps from undoing what was learned. 5 suits nearly everything. The bound may also be put on the length of the whole step, which keeps its direction.',
    see: ['gradient-norm', 'explosion'],
  },
  dropout: {
    word: 'dropout',
    meaning:
      'The share of units that are silenced at random while learning, so that the model cannot lean on any one of them.',
    more: 'A cure for overfitting: try 0.25 to 0.5 with larger models. When writing or measuring, nothing is silenced.',
    see: ['overfitting'],
  },
  smoothing: {
    word: 'smoothing',
    meaning: 'Draws a calmer line through a curve that jumps about.',
    more: 'The raw curve stays visible beneath, since a smoothed one comes late and can hide what matters.',
    see: ['training-loss'],
  },
} as const satisfies Record<string, TermEntry>;
