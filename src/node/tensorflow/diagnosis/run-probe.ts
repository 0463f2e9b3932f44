import { plainTraining } from '../../../engine/training/network-options.ts';
import type { Backend, NetworkOptions } from '../../../engine/backends/backend.ts';
import type { TensorflowBackend } from '../../../engine/backends/tensorflow/backend.ts';
import { parameterShapes } from '../../../shared/domain/model-tensors.ts';
import { drawnBatch, drawnTensors } from '../../../engine/verification/drawn-data.ts';
import { cellKinds } from '../../../shared/domain/cells.ts';
import { plainModel, type ModelSpec } from '../../../shared/domain/model-spec.ts';
import { loadTensorflowBackend } from '../backend.ts';
import { loadWasmBackend } from '../../wasm/backend.ts';
import { engineLayout } from '../installation/engine-folder.ts';
import type { ProbeReport } from './probe.ts';

const spec: ModelSpec = {
  model: 'lstm',
  vocabularySize: 11,
  rnnSize: 24,
  numLayers: 2,
  ...plainModel,
  dropout: 0.25,
};
const options: NetworkOptions = {
  batchSize: 4,
  sequenceLength: 6,
  ...plainTraining,
  dropoutSeed: 7,
};
const steps = 4;

/**
 * The child's side of probeEngine: loads the engine, trains a small model on it and on the embedded backend, and says what it
 * found.
 */
export async function runProbe(folder: string): Promise<ProbeReport> {
  const started = performance.now();
  const backend = loadTensorflowBackend(engineLayout(folder));
  const losses = await train(backend);
  const loadMilliseconds = performance.now() - started;
  const reference = await loadWasmBackend({ threads: 1 });
  const difference = largestDifference(losses, await train(reference));
  reference.dispose();
  const { variant, threads } = backend.info;
  return {
    version: variant.split('-')[1] ?? 'unknown',
    gpu: variant.includes('-gpu'),
    node: process.versions.node,
    threads,
    difference,
    fused: fusedKernels(backend),
    loadMilliseconds,
    residentBytes: process.memoryUsage.rss(),
  };
}

/** Which recurrences cuDNN's kernels compute here. */
function fusedKernels(backend: TensorflowBackend): ProbeReport['fused'] {
  return cellKinds.flatMap((model) => {
    const { recurrence, reason } = backend.recurrenceOf({ ...spec, model });
    return reason === undefined ? [] : [{ model, used: recurrence === 'fused', reason }];
  });
}

async function train(backend: Backend): Promise<readonly number[]> {
  const network = await backend.createNetwork(spec, options);
  // Spread so that every part of the model takes part.
  await network.importTensors(drawnTensors(parameterShapes(spec), 0.5));
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = drawnBatch(spec, options, step);
    losses.push((await network.trainStep(batch, { iteration: step + 1, learningRate: 0.01 })).loss);
  }
  network.dispose();
  return losses;
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN)) / Math.abs(value)));
}
