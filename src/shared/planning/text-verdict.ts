import { formatQuantity } from '../format/numbers.ts';
import { planChunks } from './plan.ts';
import { resolvePreset } from './presets.ts';

/** What a text is suitable for, in words. */
export interface TextVerdict {
  readonly level: 'good' | 'warning' | 'bad';
  readonly title: string;
  /** What to expect of a model trained on it, and what would help. */
  readonly sentence: string;
}

interface Length extends TextVerdict {
  /** Number of symbols from which it holds. */
  readonly from: number;
}

/** Symbols on a printed page, about. */
const symbolsPerPage = 2000;

/** Longest first. The steps are those of the measured presets (preset-table.ts): what a model reaches on 50,000, 150,000 and a million symbols. */
const lengths: readonly Length[] = [
  {
    from: 3_000_000,
    level: 'good',
    title: 'More than enough for a good model',
    sentence: 'Larger models and longer runs still improve on a text of this length.',
  },
  {
    from: 500_000,
    level: 'good',
    title: 'Enough for a good model',
    sentence: 'A model learns its spelling, its words and much of its style.',
  },
  {
    from: 150_000,
    level: 'good',
    title: 'Enough for a small model',
    sentence: 'A model learns its spelling and its common words. More text of the same kind makes it better.',
  },
  {
    from: 50_000,
    level: 'warning',
    title: 'Short: enough to try things',
    sentence:
      'A model learns its spelling and memorises passages. 500,000 symbols or more make a good model.',
  },
];

const shortest: TextVerdict = {
  level: 'warning',
  title: 'Very short',
  sentence:
    'A model memorises most of it and learns little that holds for other text. 150,000 symbols or more are enough for a small model.',
};

/** Whether a text is long enough, judged by its length and by whether the presets can split it. */
export function textVerdict(text: {
  readonly characters: number;
  readonly vocabularySize: number;
}): TextVerdict {
  const { characters } = text;
  if (characters === 0) {
    return { level: 'bad', title: 'Empty', sentence: 'There is nothing to learn from.' };
  }
  const plan = planChunks({ ...resolvePreset('quick', text), characters });
  if (plan.warnings.some(({ blocking }) => blocking)) {
    return {
      level: 'bad',
      title: 'Too short to train on',
      sentence: `${formatQuantity(characters, 'symbol')} cannot be split into training and validation text. 150,000 or more are enough for a small model.`,
    };
  }
  const { level, title, sentence } = lengths.find(({ from }) => characters >= from) ?? shortest;
  return { level, title, sentence };
}

/** About how many printed pages a text fills; null below one. */
export function pagesOf(characters: number): number | null {
  const pages = Math.round(characters / symbolsPerPage);
  return pages < 1 ? null : pages;
}
