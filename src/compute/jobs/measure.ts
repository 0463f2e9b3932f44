import type { Batch, TrainingNetwork } from '../../engine/backends/backend.ts';
import { initialParameters } from '../../engine/model/initial-parameters.ts';
import { networkOptionsOf } from '../../engine/training/network-options.ts';
import { measureStep, trialBatch, trialShapeOf } from '../../node/trial/trial.ts';
import type { Job, Report } from '../../shared/compute/messages.ts';
import type { RunningJob } from '../job.ts';
import type { OpenJobBackend } from '../open-backend.ts';

type MeasureJob = Extract<Job, { kind: 'measure' }>;

/** Trains a few steps of a model on random symbols, evaluates one chunk, and reports the durations. */
export function measure(job: MeasureJob, post: (report: Report) => void, open: OpenJobBackend): RunningJob {
  return { ended: run(job, post, open) };
}

async function run(
  { settings, vocabularySize, backend: reference, threads }: MeasureJob,
  post: (report: Report) => void,
  open: OpenJobBackend,
): Promise<void> {
  const backend = await open(reference, threads);
  const shape = trialShapeOf(settings, vocabularySize);
  const network = await backend.createNetwork(shape.spec, networkOptionsOf(settings));
  await network.importTensors(initialParameters(shape.spec, settings.seed));
  const batch = trialBatch(shape);
  const millisecondsPerStep = await measureStep(network, batch);
  const millisecondsPerEvaluation = await measureEvaluation(network, batch);
  const { user, system } = process.cpuUsage();
  post({
    kind: 'measured',
    measurement: {
      device: backend.info.device,
      millisecondsPerStep,
      millisecondsPerEvaluation,
      memoryBytes: network.memoryBytes,
      processorMilliseconds: (user + system) / 1000,
    },
  });
  network.dispose();
  post({ kind: 'done', end: null });
  backend.dispose();
}

/** Times the second of two evaluations: the first is a warm-up. */
async function measureEvaluation(network: TrainingNetwork, batch: Batch): Promise<number> {
  await network.resetEvaluation();
  await network.evaluate(batch);
  const begun = performance.now();
  await network.evaluate(batch);
  return performance.now() - begun;
}
