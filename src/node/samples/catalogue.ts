/** A bundled public-domain book. */
export interface SampleText {
  /** The name used to request it, and its file name without `.txt`. */
  readonly name: string;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  /** One line on what it is good for. */
  readonly about: string;
}

interface SampleSource extends SampleText {
  /** File in the package's `gutenberg` folder. */
  readonly file: string;
  readonly layout: 'prose' | 'verse';
}

export const sampleSources: readonly SampleSource[] = [
  {
    name: 'moby-dick',
    title: 'Moby Dick',
    author: 'Herman Melville',
    year: 1851,
    about: 'A long novel with a rich vocabulary: a good first text.',
    file: 'melville-moby_dick.txt',
    layout: 'prose',
  },
  {
    name: 'emma',
    title: 'Emma',
    author: 'Jane Austen',
    year: 1816,
    about: 'A novel with much dialogue, in regular, well-formed sentences.',
    file: 'austen-emma.txt',
    layout: 'prose',
  },
  {
    name: 'leaves-of-grass',
    title: 'Leaves of Grass',
    author: 'Walt Whitman',
    year: 1855,
    about: 'Poems in long free lines: shows how a model learns verse.',
    file: 'whitman-leaves.txt',
    layout: 'verse',
  },
  {
    name: 'alice',
    title: "Alice's Adventures in Wonderland",
    author: 'Lewis Carroll',
    year: 1865,
    about: 'A short book: trains in a minute, and shows the effect of too little text.',
    file: 'carroll-alice.txt',
    layout: 'prose',
  },
];
