/**
 * Reads checkpoints of char-rnn and torch-rnn and compares them with what the original programs computed.
 *
 *   node scripts/check-imports.ts FOLDER [TEXT]
 *
 * FOLDER holds .t7 files, each with a NAME.json.gz that has `log_probs_after_each_char_of_The_space` (one row for each byte of `prime`, "The " unless said
 * otherwise, in the order of the file's symbols) and `val_loss_in_file`. With the TEXT that they learned from, the validation loss is measured as well:
 * for char-rnn on the chunks of its default split, for torch-rnn on the tenth of the text after its first eight tenths.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { EmbeddedBackend } from '../src/engine/backends/backend.ts';
import type { Checkpoint } from '../src/engine/checkpoints/content.ts';
import { assembleCheckpoint } from '../src/engine/exchange/import/assemble.ts';
import type { ForeignModel } from '../src/engine/exchange/import/foreign-model.ts';
import { readT7Model } from '../src/engine/exchange/import/read-t7-model.ts';
import { evaluateSplit } from '../src/engine/training/evaluate.ts';
import { plainTraining } from '../src/engine/training/network-options.ts';
import { loadWasmBackend } from '../src/node/wasm/backend.ts';
import { planChunks } from '../src/shared/planning/plan.ts';

const referenceSchema = z.object({
  prime: z.string().default('The '),
  log_probs_after_each_char_of_The_space: z.array(z.array(z.number())),
  val_loss_in_file: z.number().optional(),
});
type Reference = z.infer<typeof referenceSchema>;
const [folder = '.', textPath] = process.argv.slice(2);
const text = textPath === undefined ? undefined : readFileSync(textPath);
const backend = await loadWasmBackend();

for (const name of readdirSync(folder).filter((file) => file.endsWith('.t7'))) {
  try {
    console.log(`${name.padEnd(56)} ${await check(name)}`);
  } catch (error) {
    console.log(`${name.padEnd(56)} ${error instanceof Error ? error.message : String(error)}`);
  }
}
backend.dispose();

async function check(name: string): Promise<string> {
  const model = readT7Model(readFileSync(join(folder, name)), name);
  const checkpoint = assembleCheckpoint(model, { writtenBy: 'check' });
  const reference = referenceOf(name);
  const words = [`${model.network.model} ${model.network.layers.length}x${model.network.rnnSize}`];
  if (reference !== undefined) {
    const largest = largestDifference(model, checkpoint, reference);
    words.push(`log-probabilities ${largest.toExponential(1)}`);
  }
  const { vocabulary } = checkpoint.metadata;
  const isKnown = text?.every((byte) => vocabulary.includes(String.fromCharCode(byte))) ?? false;
  if (text !== undefined && isKnown && checkpoint.metadata.validationLoss !== null) {
    const measured = await validationLoss(backend, checkpoint, text);
    const expected = checkpoint.metadata.validationLoss;
    words.push(
      `validation loss ${measured.toFixed(6)} for ${expected.toFixed(6)} (${(measured - expected).toExponential(1)})`,
    );
  }
  return words.join(', ');
}

function referenceOf(name: string): Reference | undefined {
  try {
    const bytes = readFileSync(join(folder, name.replace(/\.t7$/, '.json.gz')));
    return referenceSchema.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function largestDifference(
  { codes }: ForeignModel,
  { metadata, tensors }: Checkpoint,
  { prime, log_probs_after_each_char_of_The_space: rows }: Reference,
): number {
  const network = backend.createSamplingNetwork(metadata.spec);
  network.importTensors(tensors);
  let largest = 0;
  Array.from(prime).forEach((character, place) => {
    const found = logSoftmax(network.sampleStep(metadata.vocabulary.indexOf(character)));
    codes.forEach((code, index) => {
      const here = found[metadata.vocabulary.indexOf(String.fromCodePoint(code))] ?? NaN;
      largest = Math.max(largest, Math.abs(here - (rows[place]?.[index] ?? NaN)));
    });
  });
  network.dispose();
  return largest;
}

function logSoftmax(logits: Float32Array): readonly number[] {
  const top = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
  return Array.from(logits, (logit) => logit - top - Math.log(total));
}

async function validationLoss(
  { createNetwork }: Pick<EmbeddedBackend, 'createNetwork'>,
  { metadata, tensors }: Checkpoint,
  content: Uint8Array,
): Promise<number> {
  const { batchSize, sequenceLength, trainFraction, validationFraction } = metadata.settings;
  const isStriped = metadata.origin?.program === 'char-rnn';
  const tenth = Math.floor(content.length * 0.1);
  const read = isStriped ? content : content.subarray(content.length - 2 * tenth, content.length - tenth);
  const symbols = Uint8Array.from(read, (byte) => metadata.vocabulary.indexOf(String.fromCharCode(byte)));
  const plan = planChunks({
    ...{ characters: symbols.length, batchSize, sequenceLength, trainFraction, validationFraction },
    ...{ maxEpochs: 1, maxIterations: 0 },
  });
  const network = await createNetwork.call(backend, metadata.spec, {
    ...{ batchSize, sequenceLength, dropoutSeed: 0, ...plainTraining },
  });
  await network.importTensors(tensors);
  const { loss } = await evaluateSplit({
    ...{ network, symbols, starts: undefined, plan, split: isStriped ? 'validation' : 'all' },
  });
  network.dispose();
  return loss;
}
