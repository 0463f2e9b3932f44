import type { TermEntry } from './term-entry.ts';

/** Looking inside a model. */
export const insideTerms = {
  unit: {
    word: 'unit',
    meaning: 'One of the numbers that a layer computes after every symbol.',
    more: 'A layer of size 128 has 128 units. Some of them come to follow something that a person can name, such as whether a quotation is open; most do not.',
    see: ['activation', 'layer-size', 'memory-and-output'],
  },
  activation: {
    word: 'activation',
    meaning: 'The value of a unit after a symbol has been read.',
    more: 'The tint of the page Look inside shows it: blue where the unit is lower than usual, orange where it is higher. Usual means over all the text that is read, not over what is in view.',
    see: ['unit', 'percentile'],
  },
  percentile: {
    word: 'percentile',
    meaning: 'The value that a given share of all values is below.',
    more: 'A unit is below its 99th percentile at 99 of 100 symbols. “High” holds a unit at its 99th percentile and “low” at its first, so that it stays within what the model is used to.',
    see: ['activation', 'held-unit'],
  },
  'memory-and-output': {
    word: 'memory and output',
    meaning:
      'The two numbers of every unit of an LSTM: what it keeps (c) and what it tells the next layer (h).',
    more: 'The memory is what lasts, so properties that a model has to remember are best looked for there. Units of a GRU or an RNN have one number only.',
    see: ['lstm', 'unit', 'hidden-state'],
  },
  'unit-score': {
    word: 'score of a unit',
    meaning:
      'How well a unit tells where a property holds: the chance that it is higher inside than outside, for two places picked at random.',
    more: '0.5 is guessing and 1 is never wrong; statisticians call it AUC. It is measured on text that was not used to choose the unit. Where the property is a number, such as the position in a word, it is a correlation instead: 0 is guessing.',
    see: ['chance-level', 'last-characters'],
  },
  'chance-level': {
    word: 'chance level',
    meaning:
      'The score that the best of all units reaches when the property is moved to places where it has no meaning.',
    more: 'Among hundreds of units one always seems to fit. Only a score well above the chance level says something about the model.',
    see: ['unit-score'],
  },
  'last-characters': {
    word: 'what the last characters tell',
    meaning: 'The score of a table that knows only the last 1, 3 or 6 characters.',
    more: 'If that table is as good as the unit, the unit need not remember anything: it reacts to what it just read. If the unit is clearly better, it remembers.',
    see: ['unit-score', 'reach'],
  },
  'held-unit': {
    word: 'held unit',
    meaning: 'A unit that is kept at one value while the model writes, whatever it reads.',
    more: 'When the text changes the way the property says, the unit does not merely follow the property: the model uses it.',
    see: ['unit', 'percentile', 'silenced-unit'],
  },
  'silenced-unit': {
    word: 'silenced unit',
    meaning: 'A unit held at its mean, so that it carries no information.',
    more: 'What becomes harder to predict without it tells what it was good for. The average over all symbols hides that: look at the symbols one by one.',
    see: ['held-unit', 'loss'],
  },
  'what-mattered': {
    word: 'what mattered',
    meaning: 'How much the expectation of the next symbol changes when one earlier symbol is hidden.',
    more: 'Measured as the Kullback-Leibler divergence in nats: 0 means that nothing changes.',
    see: ['probability', 'reach'],
  },
  reach: {
    word: 'reach',
    meaning: 'How many of the last symbols a model makes use of.',
    more: 'The loss is measured with only the last 1, 2, 3 and more symbols. Where the curve becomes flat, older symbols no longer help.',
    see: ['loss', 'hidden-state', 'sequence-length'],
  },
  'like-state': {
    word: 'like state',
    meaning: 'A place in the text where the units of the top layer have nearly the same values as here.',
    more: 'The similarity is the cosine of the two lists of numbers: 1 is the same. What such places have in common is what the model thinks of them.',
    see: ['hidden-state', 'unit'],
  },
} as const satisfies Record<string, TermEntry>;
