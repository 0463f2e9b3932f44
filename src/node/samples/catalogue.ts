/** A public-domain book that comes with Charloom. */
export interface SampleText {
  /** What it is asked for by, and its file name without `.txt`. */
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
    about: 'A long novel, rich in words: the text to begin with.',
    file: 'melville-moby_dick.txt',
    layout: 'prose',
  },
  {
    name: 'emma',
    title: 'Emma',
    author: 'Jane Austen',
    year: 1816,
    about: 'A novel full of talk, in even, well-made sentences.',
    file: 'austen-emma.txt',
    layout: 'prose',
  },
  {
    name: 'leaves-of-grass',
    title: 'Leaves of Grass',
    author: 'Walt Whitman',
    year: 1855,
    about: 'Poems in long free lines: shows how a model learns the shape of verse.',
    file: 'whitman-leaves.txt',
    layout: 'verse',
  },
  {
    name: 'alice',
    title: "Alice's Adventures in Wonderland",
    author: 'Lewis Carroll',
    year: 1865,
    about: 'A short book: trains in a minute, and shows what too little text does.',
    file: 'carroll-alice.txt',
    layout: 'prose',
  },
];
