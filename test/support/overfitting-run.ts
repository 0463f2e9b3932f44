import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleText } from '../../src/host/samples/sample-text.ts';
import { session } from './sessions.ts';
import { temporaryFolder } from './texts.ts';

/** A model far too large for a chapter of a book: within seconds it knows the chapter by heart. */
const settings = {
  name: 'Alice',
  batchSize: 10,
  sequenceLength: 25,
  rnnSize: 96,
  numLayers: 1,
  learningRate: 0.01,
  evaluateEvery: 45,
  maxEpochs: 16,
};

export interface OverfittingRun {
  /** What it learned from. */
  readonly text: string;
  /** Where its checkpoints are. */
  readonly checkpoints: string;
}

/** A run of a few seconds in Charloom's folder, whose best checkpoint is not the last. */
export async function overfittingRun(home: string): Promise<OverfittingRun> {
  const texts = temporaryFolder('book');
  const book = readFileSync(await sampleText('alice', texts), 'utf8');
  const text = Array.from(book).slice(2000, 16_000).join('');
  const path = join(texts, 'alice, a chapter.txt');
  writeFileSync(path, text);
  const runs = join(home, 'runs');
  mkdirSync(runs, { recursive: true });
  await session({ text: path, settings, runs });
  return { text, checkpoints: join(runs, readdirSync(runs)[0] ?? '', 'checkpoints') };
}
