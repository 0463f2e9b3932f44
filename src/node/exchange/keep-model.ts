import { rm } from 'node:fs/promises';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { LossPoint } from '../../engine/exchange/import/foreign-model.ts';
import type { ImportedModel } from '../../engine/exchange/import/imported-model.ts';
import { originTitle } from '../../shared/domain/model-origin.ts';
import type { MetricEvent } from '../../shared/domain/run-event.ts';
import { charloomVersion } from '../../shared/version.ts';
import { writeAtomically } from '../files/atomic.ts';
import { writeNamedCheckpoint } from '../files/checkpoint-files.ts';
import { encodeMetric } from '../files/metrics.ts';
import { RunFolder } from '../files/run-folder.ts';
import type { RunRecord } from '../files/run-record.ts';

/** Where an imported model is kept. */
export interface KeptModel {
  /** Absolute path of the run folder that was made for it. */
  readonly folder: string;
  /** Absolute path of its checkpoint. */
  readonly checkpoint: string;
}

/** Lines of the metrics per write. */
const linesAtOnce = 2000;

/**
 * Keeps an imported model as a run: one checkpoint, and the losses that its file records as the run's own. Either all of it is stored, or nothing.
 * @throws CharloomError('storage')
 */
export async function keepModel(
  model: ImportedModel,
  runsFolder: string,
  now = new Date(),
): Promise<KeptModel> {
  const { metadata } = model.checkpoint;
  const run = await RunFolder.create(runsFolder, metadata.settings.name);
  try {
    const checkpoint = await writeNamedCheckpoint(run.paths.checkpoints, model.checkpoint);
    await writeAtomically(run.paths.metrics, metricLines(model), 'write the metrics');
    run.log(`imported from ${originTitle(metadata.origin)}: ${metadata.origin?.file ?? ''}`, now);
    await run.flushLog();
    await run.writeRecord(recordOf(metadata, now));
    return { folder: run.path, checkpoint };
  } catch (error) {
    await rm(run.path, { recursive: true, force: true });
    throw error;
  } finally {
    await run.release();
  }
}

function recordOf(metadata: CheckpointMetadata, now: Date): RunRecord {
  const { settings, spec, text, iteration, iterationsPerEpoch, initializedFrom, variant, origin } = metadata;
  return {
    ...({ formatVersion: 2, writtenBy: charloomVersion, state: 'imported', reason: null } as const),
    ...{ created: now.toISOString(), updated: now.toISOString(), settings, spec },
    // The location of its text is unknown; its fingerprint may be known.
    text: { path: '', fingerprint: text },
    ...{
      initializedFrom,
      vocabulary: null,
      iteration,
      iterations: Math.max(1, iteration),
      iterationsPerEpoch,
    },
    rateChange: null,
    backend: { name: 'imported', device: originTitle(origin), threads: 1, variant },
    ...(origin === undefined ? {} : { origin }),
  };
}

/** The recorded losses as lines of `metrics.jsonl`, by iteration. */
function metricLines({
  checkpoint: { metadata },
  trainLosses,
  validationLosses,
}: ImportedModel): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) pieces.push(encoder.encode(`${lines.join('\n')}\n`));
    lines = [];
  };
  for (const event of merged(trainLosses, validationLosses, metadata)) {
    lines.push(encodeMetric(event));
    if (lines.length === linesAtOnce) flush();
  }
  flush();
  return pieces;
}

/** Steps and evaluations by iteration; the evaluation after the step of the same iteration. */
function* merged(
  trainLosses: readonly LossPoint[],
  validationLosses: readonly LossPoint[],
  { iterationsPerEpoch, settings: { learningRate } }: CheckpointMetadata,
): Generator<MetricEvent> {
  let next = 0;
  const unknown = { gradientNorm: null, parameterNorm: null, milliseconds: 0 };
  const place = (iteration: number): { readonly iteration: number; readonly epoch: number } => ({
    iteration,
    epoch: iteration / iterationsPerEpoch,
  });
  for (const { iteration, loss } of trainLosses) {
    for (
      let point = validationLosses[next];
      point !== undefined && point.iteration < iteration;
      point = validationLosses[next]
    ) {
      yield { kind: 'evaluation', ...place(point.iteration), validationLoss: point.loss };
      next++;
    }
    yield { kind: 'step', ...place(iteration), loss, learningRate, ...unknown };
  }
  for (const { iteration, loss } of validationLosses.slice(next)) {
    yield { kind: 'evaluation', ...place(iteration), validationLoss: loss };
  }
}
