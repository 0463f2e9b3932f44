import type { RunSettings } from '../domain/run-settings.ts';

/** The three presets, by patience. */
export const presetKeys = ['quick', 'good', 'best'] as const;
export type PresetKey = (typeof presetKeys)[number];

/** The measured values for a length of text and a preset; everything else follows from the modern recipe and the text. */
export interface PresetRow extends Pick<RunSettings, 'rnnSize' | 'numLayers' | 'dropout' | 'patience'> {
  /** Length of the run, over which its learning rate falls to zero. */
  readonly iterations: number;
  /** Values that differ from the recipe for this length of text. */
  readonly recipe?: Partial<Pick<RunSettings, 'learningRate' | 'optimizer' | 'weightDecay' | 'weightDrop'>>;
}

export interface PresetTableEntry extends Readonly<Record<PresetKey, PresetRow>> {
  /** Length of text that it was measured on, in symbols. */
  readonly characters: number;
}

/** Measurements without improvement after which a run on a short text ends, because the model has started to memorise it. */
const untilOverfitting = 6;
/** Wider layers need a lower learning rate than the recipe's. */
const wide = { learningRate: 0.006 };

/**
 * The settings with the lowest validation loss in the time that each preset allows, by length of text. docs/recipes.md lists the measurements (`npm
 * run bench:recipes`) and the rows that carry over from their neighbours. A text uses the row whose length is nearest on a logarithmic scale. B and S
 * are char-rnn's 50 and 50.
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

/** A run that cannot memorise its text within its iterations needs no early stopping. */
function row(values: Omit<PresetRow, 'patience'> & { readonly patience?: number }): PresetRow {
  return { patience: 0, ...values };
}
