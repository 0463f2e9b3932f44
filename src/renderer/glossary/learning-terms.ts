import type { TermEntry } from './term-entry.ts';

/** Training and its results. */
export const learningTerms = {
  loss: {
    word: 'loss',
    meaning: 'How badly the model predicts the next symbol, on average. Lower is better.',
    more: 'Measured in nats: a loss of 1.5 means that the model is as uncertain as if it had to choose between e^1.5 ≈ 4.5 equally likely symbols each time. An untrained model with 65 symbols has a loss of 4.17.',
    see: ['validation-loss', 'baseline'],
  },
  'training-loss': {
    word: 'training loss',
    meaning: 'The loss on the chunk of the current iteration.',
    more: 'It fluctuates, since every chunk is a different piece of text. If it falls while the validation loss does not, the model is overfitting.',
    see: ['validation-loss', 'overfitting'],
  },
  'validation-loss': {
    word: 'validation loss',
    meaning: 'The loss on the validation text. It shows which checkpoint is best.',
    more: 'If it stops falling, or rises while the training loss still falls, more training makes the model worse. It can be below the training loss, which is measured during training and with dropout; the validation text may also be easier.',
    see: ['validation-split', 'overfitting', 'checkpoint'],
  },
  baseline: {
    word: 'baseline',
    meaning:
      'The loss of simple methods on the same text: random guessing, and counting single symbols, pairs and triples.',
    more: 'A model below the line for triples has learned more than counting three symbols can show.',
    see: ['loss'],
  },
  epoch: {
    word: 'epoch',
    meaning: 'One pass over all training chunks.',
    more: 'Short texts need more epochs; with too many, the model starts to memorise the text.',
    see: ['iteration', 'overfitting'],
  },
  iteration: {
    word: 'iteration',
    meaning: 'One training step: the model reads one chunk, and all weights change slightly.',
    more: 'An epoch has as many iterations as there are training chunks.',
    see: ['chunk', 'epoch'],
  },
  checkpoint: {
    word: 'checkpoint',
    meaning: 'A saved model, in a file.',
    more: 'Its name contains the epoch and the validation loss. Use the one with the lowest validation loss, which is not always the last.',
    see: ['validation-loss', 'safetensors'],
  },
  resume: {
    word: 'resume',
    meaning: 'To continue a run from its last checkpoint as if it had never stopped.',
    more: 'The model, the optimiser state, the learning rate, the position in the text and the random numbers are saved, so the result is the same as without the break.',
    see: ['branch', 'checkpoint'],
  },
  branch: {
    word: 'new run from a checkpoint',
    meaning: 'A new run that starts with the weights of another model.',
    more: 'Useful to continue from the best point with a lower learning rate, or to train a model on a second text. If that text has other symbols, the model keeps its own or adds them. Model, sizes and dropout stay the same; epochs count from zero.',
    see: ['resume'],
  },
  overfitting: {
    word: 'overfitting',
    meaning: 'The model learns the training text by heart instead of learning how such texts are written.',
    more: 'The training loss falls while the validation loss rises. Use an earlier checkpoint. Next time, use a smaller model, more dropout or more text. “Stop early after” ends such a run automatically.',
    see: ['validation-loss', 'dropout', 'underfitting'],
  },
  underfitting: {
    word: 'underfitting',
    meaning: 'The model is too small, or was not trained long enough, for the text.',
    more: 'Training and validation loss are nearly the same and no longer fall. Use a larger model.',
    see: ['overfitting', 'layer-size'],
  },
  plateau: {
    word: 'plateau',
    meaning: 'The validation loss has stopped falling but does not rise either.',
    more: 'Training longer changes little. A larger model, another learning rate or more text may help.',
    see: ['validation-loss'],
  },
  explosion: {
    word: 'explosion',
    meaning: 'The loss suddenly grows without limit, and the model becomes useless.',
    more: 'The usual cause is a learning rate that is too high. Earlier checkpoints are intact. A run can also return to the last good one automatically and continue with half the learning rate.',
    see: ['learning-rate', 'gradient-clip'],
  },
  'learning-rate': {
    word: 'learning rate',
    meaning: 'How much the weights change in one iteration.',
    more: 'If it is too high, the loss explodes; if too low, the model learns slowly. Start with 0.008 for layer normalisation and a falling learning rate (0.006 for layers of 256 units or more), otherwise with 0.002.',
    see: ['schedule', 'learning-rate-decay', 'explosion'],
  },
  'learning-rate-decay': {
    word: 'learning rate decay',
    meaning:
      'Lowers the learning rate after every epoch, so that later changes are finer. This is char-rnn’s schedule.',
    more: 'A factor of 0.97 from epoch 10 is usual; 1 keeps the learning rate constant.',
    see: ['learning-rate', 'schedule'],
  },
  optimizer: {
    word: 'optimizer',
    meaning: 'The rule that turns gradients into changes of the weights.',
    more: 'RMSProp and Adam take larger steps where gradients are steady and smaller ones where they vary. Muon also balances the directions within each weight matrix: it gains more per iteration, but iterations take longer, especially with large layers.',
    see: ['learning-rate'],
  },
  'gradient-norm': {
    word: 'gradient norm',
    meaning: 'The size of the gradient in one iteration.',
    more: 'It should be steady. A sudden spike often precedes an explosion of the loss.',
    see: ['gradient-clip', 'explosion'],
  },
  'gradient-clip': {
    word: 'gradient clip',
    meaning: 'A limit on the gradient of each weight.',
    more: 'It prevents rare large steps from destroying what was learned. 5 suits nearly every model. The limit can also apply to the norm of the whole gradient, which keeps its direction.',
    see: ['gradient-norm', 'explosion'],
  },
  dropout: {
    word: 'dropout',
    meaning:
      'The share of units that are switched off at random during training, so that the model does not depend on any single unit.',
    more: 'Reduces overfitting: try 0.25 to 0.5 with larger models. All units are used when writing and measuring.',
    see: ['overfitting'],
  },
  smoothing: {
    word: 'smoothing',
    meaning: 'Draws a smoother line through a fluctuating curve.',
    more: 'The raw curve stays visible, because a smoothed curve lags behind and can hide details.',
    see: ['training-loss'],
  },
} as const satisfies Record<string, TermEntry>;
