import type { InsideTab } from '../../stores/inside/inside.svelte.ts';

/** A step of the lesson; docs/guide/lesson.md has the same, with pictures and notes for the teacher. */
export interface LessonStep {
  readonly minutes: number;
  readonly title: string;
  /** Where on the page it happens; null for what happens in the room. */
  readonly tab: InsideTab | null;
  readonly actions: readonly string[];
  readonly question: string;
}

export const lesson: readonly LessonStep[] = [
  {
    minutes: 5,
    title: 'Guess the next character',
    tab: null,
    actions: [
      'Write the beginning of a sentence on the board and hide the rest.',
      'Let everyone guess the next character, then show it, ten times.',
    ],
    question: 'Where was it easy, and what did you use to know it?',
  },
  {
    minutes: 8,
    title: 'Read along with the model',
    tab: 'read',
    actions: [
      'Press Play and watch the five likeliest characters.',
      'Pause inside a word, at its end, and after a full stop.',
    ],
    question: 'Where is the model sure, and is it sure where you were?',
  },
  {
    minutes: 9,
    title: 'Search for a unit that remembers',
    tab: 'track',
    actions: [
      'Press Search all units and wait for the table.',
      'Find a property with the verdict “remembers”, and compare its score with the chance level and with the last six characters.',
    ],
    question: 'Why is the best of five hundred units not yet a discovery?',
  },
  {
    minutes: 6,
    title: 'Catch it being wrong',
    tab: 'read',
    actions: [
      'Press Read along in the row of that property.',
      'Find one place where the unit follows the property, and use Next place it is wrong to find one where it does not.',
    ],
    question: 'What might have misled it there?',
  },
  {
    minutes: 9,
    title: 'Turn the unit',
    tab: 'turn',
    actions: [
      'Press Turn it in the row of the property: it holds the unit as it is where the property holds. Before you press Write both, write down what you expect to change.',
      'Compare the counts, then hold the unit the other way and write again.',
    ],
    question: 'Does the model use this unit, or does the unit only follow?',
  },
  {
    minutes: 3,
    title: 'See how it grew',
    tab: 'track',
    actions: ['Press How it grew in the row of the property.'],
    question: 'When in training did the unit rise above chance?',
  },
  {
    minutes: 5,
    title: 'Talk about it',
    tab: null,
    actions: ['The model was never told about quotations, words or paragraphs.'],
    question: 'Does the model know what a quotation is? What would it have to do for you to say yes?',
  },
];
