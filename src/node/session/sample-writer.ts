import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { EmbeddedBackend, SamplingNetwork, TensorMap } from '../../engine/backends/backend.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import { startSampling } from '../../engine/sampling/sampler.ts';
import type { ModelSpec } from '../../shared/domain/model-spec.ts';
import type { Sample } from '../../shared/domain/run.ts';
import type { CheckpointEvent } from '../../shared/domain/run-event.ts';
import type { SampleSettings } from '../../shared/domain/sample-settings.ts';
import { appendSample } from '../files/sample-log.ts';
import type { DiskRoom } from './disk-room.ts';

/** Symbols written between two turns of the event loop. */
const breath = 100;

interface SampleWriterParts {
  readonly spec: ModelSpec;
  readonly vocabulary: Vocabulary;
  readonly settings: SampleSettings;
  /** The separator between records; null for a text read as one stream. */
  readonly separator: string | null;
  /** `samples.jsonl` of the run. */
  readonly path: string;
  readonly room: DiskRoom;
}

/**
 * Lets a model write at a checkpoint, and stores the sample. It uses its own network, always on the embedded backend, so training is not affected.
 */
export class SampleWriter {
  readonly #parts: SampleWriterParts;
  #opened: { readonly backend: EmbeddedBackend; readonly network: SamplingNetwork } | undefined;

  constructor(parts: SampleWriterParts) {
    this.#parts = parts;
  }

  /** Writes one sample with these parameters. */
  async write(parameters: TensorMap, saved: CheckpointEvent): Promise<Sample> {
    const { vocabulary, settings, separator, path, room } = this.#parts;
    const { network } = (this.#opened ??= await this.#open());
    network.importTensors(parameters);
    const sampling = startSampling(network, vocabulary, settings, separator);
    const parts: string[] = [];
    for (const { text } of sampling.symbols()) {
      parts.push(text);
      if (parts.length % breath === 0) await yieldToEventLoop();
    }
    const sample: Sample = {
      iteration: saved.iteration,
      epoch: saved.epoch,
      validationLoss: saved.validationLoss,
      temperature: settings.temperature,
      seed: settings.seed,
      primeText: sampling.primeText,
      text: parts.join(''),
    };
    await room.write(() => appendSample(path, sample));
    return sample;
  }

  dispose(): void {
    this.#opened?.network.dispose();
    this.#opened?.backend.dispose();
    this.#opened = undefined;
  }

  async #open() {
    const { loadWasmBackend } = await import('../wasm/backend.ts');
    // Writing one symbol at a time leaves nothing to share between threads.
    const backend = await loadWasmBackend({ threads: 1 });
    return { backend, network: backend.createSamplingNetwork(this.#parts.spec) };
  }
}
