import type { Backend, Batch, Network } from '../../engine/backends/backend.ts';
import type { SymbolArray } from '../../engine/dataset/corpus.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { mix32 } from '../../engine/random/hash.ts';
import { defaultRunSettings } from '../../shared/domain/run-settings.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';

export interface BenchOptions {
  readonly spec: ModelSpec;
  readonly batchSize: number;
  readonly sequenceLength: number;
  /** Training steps that count; a few more warm up. */
  readonly steps: number;
  /** What to read, as indices below the vocabulary size; random symbols when absent. */
  readonly symbols?: SymbolArray | undefined;
}

export interface BenchReport {
  /** Median duration of a training step in milliseconds. */
  readonly millisecondsPerStep: number;
  readonly charactersPerSecond: number;
  /** Symbols a second when writing, the draw included. */
  readonly sampledPerSecond: number;
  /** Resident memory of the process in bytes, with everything loaded. */
  readonly residentBytes: number;
}

const warmUpSteps = 3;
const sampledSymbols = 5_000;

/**
 * Times training steps and writing on a backend.
 * @param onStep told 0..1 after each step
 */
export function runBench(
  backend: Backend,
  options: BenchOptions,
  onStep: (fraction: number) => void = () => undefined,
): BenchReport {
  const { spec, batchSize, sequenceLength, steps } = options;
  const network = backend.createNetwork(spec, {
    batchSize,
    sequenceLength,
    optimizer: { kind: 'rmsprop', decayRate: defaultRunSettings.decayRate },
    gradientClip: defaultRunSettings.gradientClip,
    dropoutSeed: defaultRunSettings.seed,
  });
  try {
    network.importTensors(initialParameters(spec, defaultRunSettings.seed));
    const durations = timeSteps(network, options, (done) => onStep(done / (steps + warmUpSteps)));
    const millisecondsPerStep = median(durations.slice(warmUpSteps));
    return {
      millisecondsPerStep,
      charactersPerSecond: (batchSize * sequenceLength * 1000) / millisecondsPerStep,
      sampledPerSecond: timeSampling(network),
      residentBytes: process.memoryUsage.rss(),
    };
  } finally {
    network.dispose();
  }
}

function timeSteps(network: Network, options: BenchOptions, onStep: (done: number) => void): number[] {
  const symbols = options.symbols ?? randomSymbols(1_000_000, options.spec.vocabularySize);
  const batch = emptyBatch(options.batchSize * options.sequenceLength);
  return Array.from({ length: options.steps + warmUpSteps }, (_, step) => {
    fillBatch(batch, symbols, step, options);
    const begin = performance.now();
    network.trainStep(batch, { iteration: step + 1, learningRate: defaultRunSettings.learningRate });
    const duration = performance.now() - begin;
    onStep(step + 1);
    return duration;
  });
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

/** Symbols a second; each is the likeliest after the one before, so the chain of dependence is the real one. */
function timeSampling(network: Network): number {
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

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
