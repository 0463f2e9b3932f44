import type { Batch, Network } from '../../engine/backends/backend.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { modelSpecOf, networkOptionsOf } from '../../engine/training/network-options.ts';
import { measureStep, trialBatch } from '../../node/trial/trial.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import { openBackend } from '../../node/backend/providers.ts';
import type { RunningJob } from '../job.ts';

type MeasureJob = Extract<Job, { kind: 'measure' }>;

/** Trains a few steps of a model on random symbols, evaluates one chunk, and tells how long that took. */
export function measure(job: MeasureJob, post: (report: Report) => void): RunningJob {
  return { ended: run(job, post) };
}

async function run(
  { settings, vocabularySize, backend: reference, threads }: MeasureJob,
  post: (report: Report) => void,
): Promise<void> {
  const backend = await openBackend(reference, { threads });
  const spec = modelSpecOf(settings, vocabularySize);
  const { batchSize, sequenceLength, optimizer } = settings;
  const shape = { spec, batchSize, sequenceLength, optimizer };
  const network = backend.createNetwork(spec, networkOptionsOf(settings));
  network.importTensors(initialParameters(spec, settings.seed));
  const measurement = {
    device: backend.info.device,
    millisecondsPerEvaluation: measureEvaluation(network, trialBatch(shape)),
    memoryBytes: network.memoryBytes,
  };
  network.dispose();
  post({
    kind: 'measured',
    measurement: { ...measurement, millisecondsPerStep: measureStep(backend, shape) },
  });
  post({ kind: 'done', end: null });
  backend.dispose();
}

/** The second of two: the first prepares what the later ones find ready. */
function measureEvaluation(network: Network, batch: Batch): number {
  network.resetEvaluation();
  network.evaluate(batch);
  const begun = performance.now();
  network.evaluate(batch);
  return performance.now() - begun;
}
