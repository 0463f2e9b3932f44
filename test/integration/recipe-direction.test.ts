import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { recipes, type RecipeName } from '../../src/shared/domain/recipes.ts';
import type { RunSettings } from '../../src/shared/domain/run-settings.ts';
import { metricLines, session } from '../support/sessions.ts';
import { temporaryFolder, writeText } from '../support/texts.ts';

const folder = temporaryFolder('direction');

/** A quarter of Alice, in batches that make a hundred iterations short. */
async function text(): Promise<string> {
  const book = readFileSync(await sampleText('alice', folder), 'utf8');
  return writeText(folder, 'part.txt', book.slice(0, 36_000));
}

const size: Partial<RunSettings> = {
  ...{ batchSize: 20, sequenceLength: 25, rnnSize: 48, numLayers: 2, maxEpochs: 50 },
  ...{ maxIterations: 160, evaluateEvery: 40 },
};

async function losses(name: RecipeName, changes: Partial<RunSettings> = {}): Promise<readonly number[]> {
  const settings = { ...recipes[name], ...size, ...changes, name };
  const { outcome } = await session({ text: await text(), runs: folder, settings });
  return metricLines(outcome.folder)
    .filter((line) => Object(line).event === 'eval')
    .map((line) => Number(Object(line).val_loss));
}

/** What the benchmark of recipes measures at length (docs/recipes.md), at a size that says which way it goes and nothing more. */
describe('the modern recipe on a small text', () => {
  test('is ahead of char-rnn’s from the first measurement to the last', { timeout: 120_000 }, async () => {
    const [modern, plain] = [await losses('modern'), await losses('char-rnn')];
    expect(modern).toHaveLength(4);
    modern.forEach((loss, index) => expect(loss).toBeLessThan((plain[index] ?? 0) - 0.1));
  });

  test('owes most of the difference to layer normalisation', { timeout: 120_000 }, async () => {
    const [whole, without] = [await losses('modern'), await losses('modern', { layerNorm: false })];
    expect(whole.at(-1)).toBeLessThan((without.at(-1) ?? 0) - 0.05);
  });
});
