import type { EmbeddedBackend, SamplingNetwork } from '../../engine/backends/backend.ts';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { recordSeparator } from '../../shared/domain/record-separator.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { usedParameters } from '../../engine/model/used-parameters.ts';

/** A checkpoint's model, ready to write. */
export interface OpenModel {
  readonly network: SamplingNetwork;
  readonly vocabulary: Vocabulary;
  /** The separator of the records it was trained on; null if it was trained on one stream. */
  readonly separator: string | null;
  readonly metadata: CheckpointMetadata;
}

/**
 * Loads a checkpoint into a network for writing: only the parameters, averaged if those are better. The caller disposes network and backend.
 * @throws CharloomError 'not-found', 'bad-checkpoint' or 'storage'
 */
export async function openModel(path: string, backend: EmbeddedBackend): Promise<OpenModel> {
  const checkpoint = await readCheckpoint(path);
  const { metadata } = checkpoint;
  const network = backend.createSamplingNetwork(metadata.spec);
  network.importTensors(usedParameters(checkpoint));
  return {
    network,
    metadata,
    vocabulary: vocabularyFromSymbols(metadata.vocabulary, metadata.symbols),
    separator: recordSeparator(metadata.settings.records),
  };
}
