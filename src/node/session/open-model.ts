import type { Backend, Network } from '../../engine/backends/backend.ts';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import type { Vocabulary } from '../../engine/dataset/corpus.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { networkOptionsOf } from '../../engine/training/network-options.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { parametersOf } from './initial-model.ts';

/** A checkpoint's model, ready to write. */
export interface OpenModel {
  readonly network: Network;
  readonly vocabulary: Vocabulary;
  readonly metadata: CheckpointMetadata;
}

/**
 * Loads a checkpoint into a network for writing: only the parameters come along, and the network reads one symbol at a time. Whoever called
 * disposes network and backend.
 * @throws CharloomError 'not-found', 'bad-checkpoint' or 'storage'
 */
export async function openModel(path: string, backend: Backend): Promise<OpenModel> {
  const checkpoint = await readCheckpoint(path);
  const { metadata } = checkpoint;
  const options = { ...networkOptionsOf(metadata.settings), batchSize: 1, sequenceLength: 1 };
  const network = backend.createNetwork(metadata.spec, options);
  network.importTensors(parametersOf(checkpoint));
  return { network, metadata, vocabulary: vocabularyFromSymbols(metadata.vocabulary, metadata.symbols) };
}
