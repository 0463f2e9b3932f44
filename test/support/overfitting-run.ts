import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { session } from './sessions.ts';

/** A model far too large for its small part of the book: within seconds it has memorised that part. */
const settings = {
  name: 'Alice',
  batchSize: 10,
  sequenceLength: 25,
  trainFraction: 0.09,
  validationFraction: 0.05,
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

/** A run of a few seconds on a bundled book in Charloom's folder, whose best checkpoint is not the last. */
export async function overfittingRun(home: string): Promise<OverfittingRun> {
  const text = await sampleText('alice', join(home, 'samples'));
  const runs = join(home, 'runs');
  mkdirSync(runs, { recursive: true });
  await session({ text, settings, runs });
  return {
    text: readFileSync(text, 'utf8'),
    checkpoints: join(runs, readdirSync(runs)[0] ?? '', 'checkpoints'),
  };
}
