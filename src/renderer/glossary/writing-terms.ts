import type { TermEntry } from './term-entry.ts';

/** Writing with a model. */
export const writingTerms = {
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
    see: ['temperature', 'top-p', 'min-p'],
  },
  'top-p': {
    word: 'likeliest share only',
    meaning:
      'Lets the model choose only among the fewest likeliest symbols that have this share of the probability together.',
    more: 'Where the model is sure, few are left; where it is not, many. 0.9 keeps slips out of most texts; 1 means no limit. Others call it top-p or nucleus sampling.',
    see: ['temperature', 'top-k', 'min-p'],
  },
  'min-p': {
    word: 'least probability',
    meaning: 'Leaves out symbols that are much less likely than the likeliest one.',
    more: 'At 0.1 a symbol needs a tenth of the likeliest one’s probability. It allows high temperatures, since nonsense stays out; 0 means no limit. Others call it min-p.',
    see: ['temperature', 'top-k', 'top-p'],
  },
  'repetition-guard': {
    word: 'repetition guard',
    meaning: 'Makes a symbol less likely where it would repeat a passage of the last 1,000 symbols.',
    more: 'The guard says how long the passage is, the factor how many times less likely the symbol becomes, for each time the passage stands there. About 15 symbols let words come again and break longer circles, which greedy writing soon goes round in.',
    see: ['greedy', 'temperature'],
  },
  'greedy-in-words': {
    word: 'greedy inside words',
    meaning: 'Draws only where a word may begin, and takes the likeliest symbol inside words.',
    more: 'Words are spelled as the model knows them best, even at high temperatures, while the choice of words stays free. Scripts that write without spaces are drawn everywhere.',
    see: ['greedy', 'temperature'],
  },
  greedy: {
    word: 'greedy',
    meaning: 'Always takes the likeliest symbol.',
    more: 'Soon goes round in circles; good for seeing what the model is surest of.',
    see: ['temperature', 'repetition-guard', 'greedy-in-words'],
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
    more: 'For instance two line ends, for one paragraph; for one line there is a setting of its own.',
  },
  seed: {
    word: 'seed',
    meaning: 'A number that fixes all chance: the same seed, settings and text give the same result.',
    more: 'Change it for another result of the same kind.',
  },
  copying: {
    word: 'copying',
    meaning: 'Writing passages word for word that stand in the text the model learned from.',
    more: 'Every author repeats a phrase now and then, so the page Write compares with how much of the text kept aside stands in the rest. A model that copies more than that has learned parts by heart: it is too large for its text or was trained too long.',
    see: ['overfitting', 'validation-split', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;
