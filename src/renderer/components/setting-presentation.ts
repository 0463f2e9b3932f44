import type { TermKey } from '../glossary/terms.ts';

/** How a setting is shown, by its flag; what it is stands in the table of settings. */

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** Ranges for the slider that people use; what may be typed is wider. Without an entry there is no slider. */
export const sliders: Readonly<Record<string, Bounds>> = {
  'batch-size': { minimum: 1, maximum: 512 },
  'seq-length': { minimum: 1, maximum: 512 },
  'rnn-size': { minimum: 8, maximum: 1024 },
  'num-layers': { minimum: 1, maximum: 4 },
  'learning-rate': { minimum: 0.0001, maximum: 0.1 },
  'max-epochs': { minimum: 1, maximum: 500 },
  'eval-every': { minimum: 10, maximum: 5000 },
  'learning-rate-decay': { minimum: 0.5, maximum: 1 },
  'learning-rate-decay-after': { minimum: 0, maximum: 50 },
  dropout: { minimum: 0, maximum: 0.9 },
  'decay-rate': { minimum: 0.5, maximum: 0.999 },
  'grad-clip': { minimum: 0.1, maximum: 20 },
  length: { minimum: 50, maximum: 10_000 },
  temperature: { minimum: 0.1, maximum: 2 },
  'top-k': { minimum: 0, maximum: 50 },
};

/** Settings whose slider moves by factors. */
export const logarithmic: ReadonlySet<string> = new Set([
  'batch-size',
  'seq-length',
  'rnn-size',
  'learning-rate',
  'max-epochs',
  'eval-every',
  'length',
]);

/** Distance between two positions of the slider where it is not 1 (whole numbers) or 0.01. */
export const steps: Readonly<Record<string, number>> = {
  'learning-rate': 0.0001,
  'decay-rate': 0.001,
  'grad-clip': 0.1,
};

/** The glossary's entry on a setting. */
export const settingTerms: Readonly<Record<string, TermKey>> = {
  symbols: 'symbol',
  'batch-size': 'batch-size',
  'seq-length': 'sequence-length',
  'train-frac': 'training-split',
  'val-frac': 'validation-split',
  model: 'lstm',
  'rnn-size': 'layer-size',
  'num-layers': 'layer',
  dropout: 'dropout',
  optimizer: 'optimizer',
  'learning-rate': 'learning-rate',
  'learning-rate-decay': 'learning-rate-decay',
  'learning-rate-decay-after': 'learning-rate-decay',
  'decay-rate': 'optimizer',
  'grad-clip': 'gradient-clip',
  'max-epochs': 'epoch',
  'max-iterations': 'iteration',
  'eval-every': 'checkpoint',
  seed: 'seed',
  'on-explosion': 'explosion',
  'top-k': 'top-k',
  stop: 'stop-text',
};
