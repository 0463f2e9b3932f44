import type { Backend, TrainingNetwork } from '../../engine/backends/backend.ts';
import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import type { SplitName } from '../../engine/dataset/batches.ts';
import type { UnknownCharacter } from '../../engine/dataset/encode-text.ts';
import { findRecords, shuffleRecords } from '../../engine/dataset/records.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { plainTraining } from '../../engine/training/network-options.ts';
import { evaluateSplit } from '../../engine/training/evaluate.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatQuantity } from '../../shared/format/numbers.ts';
import { planChunks } from '../../shared/planning/plan.ts';
import type { ChunkPlan } from '../../shared/planning/plan-types.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { translateCorpus } from '../texts/corpus-queries.ts';
import { readTextFile } from '../texts/text-file.ts';
import { usedParameters } from '../../engine/model/used-parameters.ts';
import { requireReadable } from './left-out.ts';

export interface MeasureTextOptions {
  readonly checkpointPath: string;
  readonly textPath: string;
  readonly encoding?: string | undefined;
  readonly split: SplitName | 'all';
  readonly loadBackend: (spec: ModelSpec) => Promise<Backend>;
  readonly signal?: AbortSignal;
  /** Share of the work done, 0..1. */
  readonly onProgress?: (fraction: number) => void;
}

export interface TextMeasurement {
  /** Mean over all symbols read, nats per symbol. */
  readonly loss: number;
  /** Means over consecutive parts of the text that was read. */
  readonly parts: readonly number[];
  readonly chunks: number;
  /** Number of symbols in the mean. */
  readonly symbols: number;
  readonly unknown: readonly UnknownCharacter[];
  /** Share of the text's symbols that the model cannot read and that have no replacement, 0..1. */
  readonly leftOut: number;
}

/**
 * The loss of a checkpoint on a text, split as the checkpoint's run split its own, so that the validation split of that text gives the validation
 * loss again. To read `all` of a text too short for one chunk it is taken as a single stream.
 * @throws CharloomError 'not-found', 'bad-checkpoint', 'bad-text', 'incompatible' when the model can read next to nothing of the text,
 * 'data-too-small' when the split holds nothing, 'cancelled'
 */
export async function measureText(options: MeasureTextOptions): Promise<TextMeasurement> {
  const { signal, onProgress } = options;
  const checkpoint = await readCheckpoint(options.checkpointPath);
  const { metadata } = checkpoint;
  const { symbols: mode, lineEnds, records, shuffleRecords: isShuffled, seed } = metadata.settings;
  const text = await readTextFile(
    options.textPath,
    { symbols: mode, lineEnds, encoding: options.encoding },
    { signal },
  );
  // In the order in which the run read it.
  const corpus = isShuffled ? shuffleRecords(text.corpus, records, seed) : text.corpus;
  const vocabulary = vocabularyFromSymbols(metadata.vocabulary, metadata.symbols);
  const { symbols, unknown, lost } = await translateCorpus(corpus, vocabulary, { signal });
  const characters = text.corpus.symbols.length;
  const leftOut = lost / characters;
  requireReadable('measuring', lost, characters);
  const plan = readingPlan(symbols.length, metadata.settings, options.split);
  // Another text need not have such records.
  const starts = findRecords({ symbols, vocabulary }, records)?.starts;
  const backend = await options.loadBackend(metadata.spec);
  try {
    const network = await networkFor(backend, checkpoint, plan, starts !== undefined);
    const job = { network, symbols, starts, plan, split: options.split };
    const { loss, parts } = await evaluateSplit(job, async (fraction) => {
      onProgress?.(fraction);
      await yieldToEventLoop(signal);
    });
    const chunks = chunkCount(plan, options.split);
    const { batchSize, sequenceLength } = plan.input;
    return { loss, parts, chunks, symbols: chunks * batchSize * sequenceLength, unknown, leftOut };
  } finally {
    backend.dispose();
  }
}

async function networkFor(
  backend: Backend,
  checkpoint: Checkpoint,
  { input: { batchSize, sequenceLength } }: ChunkPlan,
  records: boolean,
): Promise<TrainingNetwork> {
  const network = await backend.createNetwork(checkpoint.metadata.spec, {
    batchSize,
    sequenceLength,
    ...plainTraining,
    dropoutSeed: 0,
    records,
  });
  await network.importTensors(usedParameters(checkpoint));
  return network;
}

async function yieldToEventLoop(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new CharloomError('cancelled', 'Measuring the text was cancelled.');
}

function readingPlan(characters: number, settings: RunSettings, split: SplitName | 'all'): ChunkPlan {
  const { batchSize, sequenceLength, trainFraction, validationFraction, maxEpochs } = settings;
  const cut = { characters, trainFraction, validationFraction, maxEpochs, maxIterations: 0 };
  const plan = planChunks({ ...cut, batchSize, sequenceLength });
  if (chunkCount(plan, split) > 0) return plan;
  if (split === 'all' && characters > 0) {
    return planChunks({ ...cut, batchSize: 1, sequenceLength: Math.min(sequenceLength, characters) });
  }
  const what = split === 'all' ? 'no symbol that the model knows' : `nothing in its ${split} split`;
  throw new CharloomError(
    'data-too-small',
    `The text has ${what}: ${formatQuantity(characters, 'symbol')}, read ${batchSize} x ${sequenceLength} at a time.`,
    { fix: split === 'all' ? 'Use another text.' : { kind: 'measure-all-splits' } },
  );
}

function chunkCount({ chunks }: ChunkPlan, split: SplitName | 'all'): number {
  return split === 'all' ? chunks.total : chunks[split];
}
