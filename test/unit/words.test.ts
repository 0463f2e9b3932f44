import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sentencesOf, titlesOf } from '../support/sentences.ts';

const words = readFileSync('docs/words.md', 'utf8');

/** The retired phrases of docs/words.md; text in brackets explains a phrase and is not part of it. */
const retired = words
  .slice(words.indexOf('## Retired words'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| Retired'))
  .flatMap((line) => (line.split('|')[1] ?? '').replace(/\(.*?\)/g, '').split(','))
  .map((phrase) => phrase.trim());

const pattern = new RegExp(`(?<![\\p{L}-])(?:${retired.join('|')})(?![\\p{L}-])`, 'iu');

/** Sentences in which a retired word is right, by a part of them. */
const exceptions = ['by heart instead of learning how such texts are written'];

function retiredIn(text: string): boolean {
  return pattern.test(text) && !exceptions.some((part) => text.includes(part));
}

function trackedFiles(...patterns: readonly string[]): readonly string[] {
  return execFileSync('git', ['ls-files', ...patterns], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test('the vocabulary lists retired words', () => {
  expect(retired).toContain('goes on');
  expect(retired.length).toBeGreaterThan(40);
  expect(retiredIn('Training goes on by itself.')).toBe(true);
  expect(retiredIn('Training continues automatically.')).toBe(false);
});

test('no page, message or command uses a retired word', () => {
  const files = trackedFiles('src/*.ts', 'src/*.svelte').filter(
    (file) => !file.startsWith('src/kernels/') && !file.startsWith('src/engine/backends/webgpu/'),
  );
  const sentences = files.flatMap(sentencesOf);
  // Pages are among them, and their markup is read.
  expect(sentences.map(({ text }) => text)).toContain('Changes are saved immediately.');
  const found = sentences.filter(({ text }) => retiredIn(text));
  expect(found.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

test('no title of a test uses a retired word', () => {
  const titles = trackedFiles('test/*.test.ts').flatMap(titlesOf);
  expect(titles.map(({ text }) => text)).toContain('no title of a test uses a retired word');
  expect(titles.map(({ text }) => text)).toContain('%s uses no retired word');
  const found = titles.filter(({ text }) => retiredIn(text));
  expect(found.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

test.each(['README.md', 'docs/getting-started.md', ...trackedFiles('docs/guide/*.md')])(
  '%s uses no retired word',
  (file) => {
    const paragraphs = readFileSync(file, 'utf8').split(/\n{2,}/);
    expect(paragraphs.filter((text) => retiredIn(text.replace(/\s+/g, ' ')))).toEqual([]);
  },
);
