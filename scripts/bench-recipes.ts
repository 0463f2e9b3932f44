import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { trainEvent } from '../src/cli/json-output.ts';
import { readBook, sampleText } from '../src/node/samples/sample-text.ts';
import { cleanText } from '../src/node/samples/clean-text.ts';

/**
 * How good a model gets, and how fast, with each preset and with char-rnn's recipe, on texts of five lengths: the table of docs/recipes.md. It takes
 * hours. Every run is one line of the results file, and existing results are not repeated.
 *
 * npm run bench:recipes -- [--texts alice,moby-dick] [--trials trials.json] [--results results.jsonl]
 *
 * A trial is a name and further arguments of `charloom train`: {"name": "char-rnn", "words": ["--recipe", "char-rnn"], "texts": ["alice"]}.
 */
interface Trial {
  readonly name: string;
  readonly words: readonly string[];
  readonly texts?: readonly string[];
}

interface Measured {
  readonly i: number;
  readonly loss: number | null;
  /** Milliseconds of training steps so far. */
  readonly ms: number;
  /** Seconds since the run was started, measuring and saving included. */
  readonly s: number;
}

const program = join(import.meta.dirname, '..', 'bin', 'charloom.js');
const work = mkdtempSync(join(tmpdir(), 'charloom-recipes-'));

const books = [
  ...['carroll-alice', 'melville-moby_dick', 'austen-emma', 'austen-sense', 'edgeworth-parents'],
  ...['bible-kjv', 'austen-persuasion', 'chesterton-ball', 'chesterton-brown', 'chesterton-thursday'],
];

/** Each text as a file: two books, a part of one, and several books one after the other. */
const texts: Readonly<Record<string, () => Promise<string>>> = {
  '50k': async () => kept('50k', (await bookText(books[0] ?? '')).slice(0, 50_000)),
  alice: () => sampleText('alice', work),
  'moby-dick': () => sampleText('moby-dick', work),
  '3m': async () => kept('3m', await joined(3_000_000)),
  '10m': async () => kept('10m', await joined(10_000_000)),
};

async function bookText(book: string): Promise<string> {
  return cleanText(await readBook(`${book}.txt`), 'prose');
}

async function joined(characters: number): Promise<string> {
  const parts = await Promise.all(books.slice(1).map(bookText));
  return parts.join('\n\n').slice(0, characters);
}

function kept(name: string, text: string): string {
  const path = join(work, `${name}.txt`);
  writeFileSync(path, text);
  return path;
}

/** Trains once and returns the measurements. */
async function measure(path: string, words: readonly string[]): Promise<readonly Measured[]> {
  const begun = performance.now();
  const options = [program, 'train', path, '--out', work, '--backend', 'wasm', '--json', ...words];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const measured: Measured[] = [];
  let ms = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = trainEvent.parse(JSON.parse(line));
    if (event.event === 'step') ms += event.ms;
    if (event.event !== 'eval') continue;
    const s = Math.round(performance.now() - begun) / 1000;
    measured.push({ i: event.i, loss: event.val_loss, ms: Math.round(ms), s });
    console.error(`  ${event.i}: ${event.val_loss?.toFixed(4) ?? 'none'} after ${s.toFixed(0)} s`);
  }
  return measured;
}

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string' },
    trials: { type: 'string', default: join(import.meta.dirname, 'recipes', 'trials.json') },
    results: { type: 'string', default: 'recipes.jsonl' },
  },
});
const trials = JSON.parse(readFileSync(options.trials, 'utf8')) as readonly Trial[];
const wanted = options.texts?.split(',') ?? Object.keys(texts);
mkdirSync(dirname(options.results), { recursive: true });
const done = existsSync(options.results) ? readFileSync(options.results, 'utf8') : '';
for (const { name, words, texts: only = wanted } of trials) {
  for (const text of only.filter((each) => wanted.includes(each) || !(each in texts))) {
    if (done.includes(JSON.stringify({ name, text }).slice(1, -1))) continue;
    console.error(`${name} on ${text}: ${words.join(' ')}`);
    const measured = await measure(await (texts[text]?.() ?? Promise.resolve(text)), words);
    const line = { name, text, words, processor: cpus()[0]?.model, threads: cpus().length, measured };
    appendFileSync(options.results, `${JSON.stringify(line)}\n`);
  }
}
rmSync(work, { recursive: true, force: true });
