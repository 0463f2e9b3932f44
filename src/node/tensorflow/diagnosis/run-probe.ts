import type { TensorflowBackend } from '../../../engine/backends/tensorflow/backend.ts';
import { cellKinds } from '../../../shared/domain/cells.ts';
import { differenceFromEmbedded, triedModel } from '../../engines/self-test.ts';
import { loadTensorflowBackend } from '../backend.ts';
import { engineLayout } from '../installation/engine-folder.ts';
import type { ProbeReport } from './probe.ts';

/** The child's side of probeEngine: loads the engine, trains a small model on it and on the embedded backend, and reports the result. */
export async function runProbe(folder: string): Promise<ProbeReport> {
  const started = performance.now();
  const backend = loadTensorflowBackend(engineLayout(folder));
  const loadMilliseconds = performance.now() - started;
  const difference = await differenceFromEmbedded(backend);
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
    const { recurrence, reason } = backend.recurrenceOf({ ...triedModel, model });
    return reason === undefined ? [] : [{ model, used: recurrence === 'fused', reason }];
  });
}
