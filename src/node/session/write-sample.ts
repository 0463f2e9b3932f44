import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Network } from '../../engine/backends/backend.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import { startSampling } from '../../engine/sampling/sampler.ts';
import type { CheckpointEvent } from '../../shared/domain/run-event.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import type { Sample } from '../../shared/domain/run.ts';
import { appendSample } from '../files/sample-log.ts';

/** Symbols written between two breaths. */
const breath = 100;

/** Lets the network write as it is at a checkpoint, and keeps the result. Sampling has a state of its own, so training does not notice. */
export async function writeSample(
  network: Network,
  vocabulary: Vocabulary,
  settings: SampleSettings,
  { iteration, epoch, validationLoss }: CheckpointEvent,
  path: string,
): Promise<Sample> {
  const sampling = startSampling(network, vocabulary, settings);
  const parts: string[] = [];
  for (const { text } of sampling.symbols()) {
    parts.push(text);
    if (parts.length % breath === 0) await yieldToEventLoop();
  }
  const sample: Sample = {
    iteration,
    epoch,
    validationLoss,
    temperature: settings.temperature,
    seed: settings.seed,
    primeText: sampling.primeText,
    text: parts.join(''),
  };
  await appendSample(path, sample);
  return sample;
}
