import { plainTraining } from '../../engine/training/network-options.ts';
import type {
  Backend,
  Batch,
  SamplingNetwork,
  TensorMap,
  TrainingNetwork,
} from '../../engine/backends/backend.ts';
import type { SymbolArray } from '../../engine/dataset/corpus.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { mix32 } from '../../engine/random/hash.ts';
import { defaultRunSettings } from '../../shared/domain/run-settings.ts';
import { median } from '../../shared/statistics/averages.ts';
import { StepQueue } from '../../engine/training/step-queue.ts';
import { loadWasmBackend } from '../wasm/backend.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';

export interface BenchOptions {
  readonly spec: ModelSpec;
  readonly batchSize: number;
  readonly sequenceLength: number;
  /** Timed training steps, after a few warm-up steps. */
  readonly steps: number;
  /** What to read, as indices below the vocabulary size; random symbols when absent. */
  readonly symbols?: SymbolArray | undefined;
}

export interface BenchReport {
  /** Median duration of a training step in milliseconds. */
  readonly millisecondsPerStep: number;
  readonly charactersPerSecond: number;
  /** Symbols per second when writing, including the random draw. */
  readonly sampledPerSecond: number;
  /** Resident memory of the process in bytes, with everything loaded. */
  readonly residentBytes: number;
}

const warmUpSteps = 3;
const sampledSymbols = 5_000;

/**
 * Times training steps and writing on a backend.
 * @param onStep called with 0..1 after each step
 */
export async function runBench(
  backend: Backend,
  options: BenchOptions,
  onStep: (fraction: number) => void = () => undefined,
): Promise<BenchReport> {
  const { spec, batchSize, sequenceLength, steps } = options;
  const network = await backend.createNetwork(spec, {
    batchSize,
    sequenceLength,
    ...plainTraining,
    dropoutSeed: defaultRunSettings.seed,
  });
  try {
    const parameters = initialParameters(spec, defaultRunSettings.seed);
    await network.importTensors(parameters);
    const durations = await timeSteps(network, options, (done) => onStep(done / (steps + warmUpSteps)));
    const millisecondsPerStep = median(durations.slice(warmUpSteps));
    return {
      millisecondsPerStep,
      charactersPerSecond: (batchSize * sequenceLength * 1000) / millisecondsPerStep,
      sampledPerSecond: await timeWriting(spec, parameters),
      residentBytes: process.memoryUsage.rss(),
    };
  } finally {
    network.dispose();
  }
}

/** As in training, with as many steps in flight as the network supports. */
async function timeSteps(
  network: TrainingNetwork,
  options: BenchOptions,
  onStep: (done: number) => void,
): Promise<number[]> {
  const symbols = options.symbols ?? randomSymbols(1_000_000, options.spec.vocabularySize);
  const batch = emptyBatch(options.batchSize * options.sequenceLength);
  const queue = new StepQueue(network);
  const durations: number[] = [];
  const take = async (): Promise<void> => {
    durations.push((await queue.next()).milliseconds);
    onStep(durations.length);
  };
  for (let step = 0; step < options.steps + warmUpSteps; step++) {
    fillBatch(batch, symbols, step, options);
    queue.begin(batch, { iteration: step + 1, learningRate: defaultRunSettings.learningRate });
    if (queue.isFull) await take();
  }
  while (!queue.isEmpty) await take();
  return durations;
}

function emptyBatch(size: number): Batch {
  return { x: new Int32Array(size), y: new Int32Array(size) };
}

/** Chunk `step` of a text read in B streams, wrapping around in a short text. */
function fillBatch(batch: Batch, symbols: SymbolArray, step: number, options: BenchOptions): void {
  const { batchSize, sequenceLength } = options;
  const stream = Math.max(1, Math.floor(symbols.length / batchSize));
  for (let row = 0; row < batchSize; row++) {
    for (let time = 0; time < sequenceLength; time++) {
      const place = row * stream + ((step * sequenceLength + time) % stream);
      batch.x[row * sequenceLength + time] = symbols[place % symbols.length] ?? 0;
      batch.y[row * sequenceLength + time] = symbols[(place + 1) % symbols.length] ?? 0;
    }
  }
}

/** Uniform symbols, the same on every machine. */
function randomSymbols(length: number, vocabularySize: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => mix32(index) % vocabularySize);
}

/** Symbols per second on the embedded backend, which does the writing for every backend. */
async function timeWriting(spec: ModelSpec, parameters: TensorMap): Promise<number> {
  const backend = await loadWasmBackend({ threads: 1 });
  const network = backend.createSamplingNetwork(spec);
  try {
    network.importTensors(parameters);
    return timeSampling(network);
  } finally {
    network.dispose();
    backend.dispose();
  }
}

/** Symbols per second; each is the likeliest after the one before, so each step depends on the last as in real writing. */
function timeSampling(network: SamplingNetwork): number {
  network.resetSampling();
  let symbol = 0;
  for (let i = 0; i < 100; i++) symbol = likeliest(network.sampleStep(symbol));
  const begin = performance.now();
  for (let i = 0; i < sampledSymbols; i++) symbol = likeliest(network.sampleStep(symbol));
  return (sampledSymbols * 1000) / (performance.now() - begin);
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let index = 1; index < logits.length; index++) {
    if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index;
  }
  return best;
}
