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
  copying: {
    word: 'copying',
    meaning: 'Writing passages word for word that stand in the text the model learned from.',
    more: 'Every author repeats a phrase now and then, so the page Write compares with how much of the text kept aside stands in the rest. A model that copies more than that has learned parts by heart: it is too large for its text or was trained too long.',
    see: ['overfitting', 'validation-split', 'dropout'],
  },
} as const satisfies Record<string, TermEntry>;
