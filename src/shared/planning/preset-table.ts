import type { RunSettings } from '../domain/run-settings.ts';

/** How much patience a person has: the three ready-made sets of settings. */
export const presetKeys = ['quick', 'good', 'best'] as const;
export type PresetKey = (typeof presetKeys)[number];

/** What is measured for a length of text and a patience; all else is the modern recipe's and the text's. */
export interface PresetRow extends Pick<RunSettings, 'rnnSize' | 'numLayers' | 'dropout' | 'patience'> {
  /** Length of the run; its rate falls to zero over them. */
  readonly iterations: number;
  /** Where a length of text wants something else than the recipe has. */
  readonly recipe?: Partial<Pick<RunSettings, 'learningRate' | 'optimizer' | 'weightDecay' | 'weightDrop'>>;
}

export interface PresetTableEntry extends Readonly<Record<PresetKey, PresetRow>> {
  /** Length of text that it was measured on, in symbols. */
  readonly characters: number;
}

/** Measurements without a better one after which a run on a short text ends: the model has begun to learn it by heart. */
const untilOverfitting = 6;
/** Wider layers want smaller steps than the recipe's. */
const wide = { learningRate: 0.006 };

/**
 * The settings that reach the lowest validation loss in the time that each patience allows, by length of text. docs/recipes.md says what was
 * measured (`npm run bench:recipes`), and which rows carry over from their neighbours. A text has those of the length that is nearest to its own on a scale
 * of factors. B and S are char-rnn's 50 and 50.
 */
export const presetTable: readonly PresetTableEntry[] = [
  {
    characters: 50_000,
    quick: row({ rnnSize: 128, numLayers: 2, dropout: 0.25, iterations: 200, patience: untilOverfitting }),
    good: row({ rnnSize: 128, numLayers: 2, dropout: 0.4, iterations: 240, patience: untilOverfitting }),
    best: row({ rnnSize: 192, numLayers: 2, dropout: 0.5, iterations: 320, patience: untilOverfitting }),
  },
  {
    characters: 150_000,
    quick: row({ rnnSize: 128, numLayers: 2, dropout: 0.2, iterations: 300, patience: untilOverfitting }),
    good: row({ rnnSize: 128, numLayers: 2, dropout: 0.25, iterations: 600, patience: untilOverfitting }),
    best: row({ rnnSize: 192, numLayers: 2, dropout: 0.5, iterations: 1000, patience: untilOverfitting }),
  },
  {
    characters: 1_000_000,
    quick: row({ rnnSize: 192, numLayers: 2, dropout: 0, iterations: 1000 }),
    good: row({ rnnSize: 256, numLayers: 2, dropout: 0.25, iterations: 4000, recipe: wide }),
    best: row({ rnnSize: 384, numLayers: 2, dropout: 0.4, iterations: 8000, recipe: wide }),
  },
  {
    characters: 3_000_000,
    quick: row({ rnnSize: 192, numLayers: 2, dropout: 0, iterations: 1000 }),
    good: row({ rnnSize: 256, numLayers: 2, dropout: 0, iterations: 5000, recipe: wide }),
    best: row({ rnnSize: 512, numLayers: 2, dropout: 0.25, iterations: 15_000, recipe: wide }),
  },
  {
    characters: 10_000_000,
    quick: row({ rnnSize: 192, numLayers: 2, dropout: 0, iterations: 1000 }),
    good: row({ rnnSize: 256, numLayers: 2, dropout: 0, iterations: 8000, recipe: wide }),
    best: row({ rnnSize: 512, numLayers: 3, dropout: 0.1, iterations: 30_000, recipe: wide }),
  },
];

/** The row for a text of this many symbols. */
export function presetRow(key: PresetKey, characters: number): PresetRow {
  const distance = (entry: PresetTableEntry): number =>
    Math.abs(Math.log(entry.characters / Math.max(1, characters)));
  return presetTable.reduce((nearest, entry) => (distance(entry) < distance(nearest) ? entry : nearest))[key];
}

/** A run that cannot learn its text by heart in so many iterations needs no patience. */
function row(values: Omit<PresetRow, 'patience'> & { readonly patience?: number }): PresetRow {
  return { patience: 0, ...values };
}
