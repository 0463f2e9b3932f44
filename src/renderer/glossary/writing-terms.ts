import type { TermEntry } from './term-entry.ts';

/** Writing with a model. */
export const writingTerms = {
  sample: {
    word: 'sample',
    meaning: 'A short text that a model writes during training.',
    more: 'Every checkpoint writes one with the same opening words and seed, so you can compare them.',
    see: ['seed', 'opening-words'],
  },
  'opening-words': {
    word: 'opening words',
    meaning: 'What the model reads before it writes; it continues in their style.',
    more: 'A few words in the style of the text work best. Characters that the model does not know are replaced with the nearest known ones, or left out.',
    see: ['vocabulary', 'hidden-state'],
  },
  temperature: {
    word: 'temperature',
    meaning: 'How much the model varies its choices when it writes.',
    more: 'At 1 it uses the probabilities it has learned. Lower is safer and more repetitive, higher is bolder with more mistakes. 0.5 to 0.8 often reads best.',
    see: ['top-k', 'greedy', 'probability'],
  },
  'top-k': {
    word: 'likeliest symbols only',
    meaning: 'The model draws only from the k likeliest symbols.',
    more: 'Avoids rare mistakes without making the text dull. 0 means no limit.',
    see: ['temperature', 'top-p', 'min-p'],
  },
  'top-p': {
    word: 'likeliest share only',
    meaning:
      'The model draws only from the smallest set of likeliest symbols that together have this share of the probability.',
    more: 'If the model is sure, few symbols remain; if not, many. 0.9 avoids mistakes in most texts; 1 means no limit. Also called top-p or nucleus sampling.',
    see: ['temperature', 'top-k', 'min-p'],
  },
  'min-p': {
    word: 'minimum probability',
    meaning: 'Leaves out symbols that are much less likely than the likeliest one.',
    more: 'At 0.1 a symbol needs a tenth of the likeliest one’s probability. It allows high temperatures, because it excludes nonsense; 0 means no limit. Also called min-p.',
    see: ['temperature', 'top-k', 'top-p'],
  },
  'repetition-guard': {
    word: 'repetition guard',
    meaning: 'Makes a symbol less likely if it would repeat a passage of the last 1,000 symbols.',
    more: 'The guard is the length of the passage; the factor is how many times less likely the symbol becomes for each occurrence. About 15 symbols allow repeated words but break longer loops, which greedy writing soon enters.',
    see: ['greedy', 'temperature'],
  },
  'greedy-in-words': {
    word: 'greedy inside words',
    meaning: 'Draws only where a word may begin; inside a word, takes the likeliest symbol.',
    more: 'Words keep their likeliest spelling even at high temperatures, while the choice of words stays free. Scripts without spaces are drawn everywhere.',
    see: ['greedy', 'temperature'],
  },
  greedy: {
    word: 'greedy',
    meaning: 'Always takes the likeliest symbol.',
    more: 'Soon repeats itself; useful to see what the model is most sure of.',
    see: ['temperature', 'repetition-guard', 'greedy-in-words'],
  },
  probability: {
    word: 'probability',
    meaning: 'The probability that the model gave to a symbol at this position.',
    more: 'The tint on the Write page shows it, and a click on a character shows the alternatives. Temperature and limits do not affect it.',
    see: ['temperature'],
  },
  'stop-text': {
    word: 'stop text',
    meaning: 'Writing stops as soon as the model has written exactly this.',
    more: 'For example, two line ends for one paragraph. For one line, use “Stop at a line end”.',
  },
  seed: {
    word: 'seed',
    meaning: 'A number that fixes all random numbers: the same seed, settings and text give the same result.',
    more: 'Change it for another result of the same kind.',
  },
  copying: {
    word: 'copying',
    meaning: 'Writing passages word for word from the training text.',
    more: 'Every author repeats phrases, so the Write page compares with how much of the held-out text occurs in the rest. A model that copies more has memorised parts of its text: it is too large for the text or was trained too long.',
    see: ['overfitting', 'validation-split', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;
