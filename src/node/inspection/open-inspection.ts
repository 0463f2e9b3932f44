import type { EmbeddedBackend } from '../../engine/backends/backend.ts';
import type { Checkpoint, CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import { Inspection, type InspectedModel } from '../../engine/inspection/inspection.ts';
import { vocabularyFromSymbols } from '../../engine/dataset/vocabulary.ts';
import { readCheckpoint } from '../files/checkpoint-files.ts';
import { usedParameters } from '../../engine/model/used-parameters.ts';
import type { ReadTextHooks } from '../texts/text-reading.ts';
import { readInspectedText, type TextToInspect } from './inspected-text.ts';

/** A model with the text that it is to read; `inspection.read()` reads it. */
export interface OpenInspection {
  readonly inspection: Inspection;
  readonly metadata: CheckpointMetadata;
  readonly remarks: readonly string[];
}

/**
 * Opens a checkpoint and a text for it to read. The caller disposes the backend.
 * @throws CharloomError 'not-found', 'bad-checkpoint', 'storage'; 'text-changed' if the training text has changed; 'incompatible' if the model can
 * read almost nothing of it; 'data-too-small' if nothing is left to read; 'cancelled'
 */
export async function openInspection(
  { checkpoint: path, text }: { readonly checkpoint: string; readonly text: TextToInspect },
  backend: EmbeddedBackend,
  hooks: ReadTextHooks = {},
): Promise<OpenInspection> {
  const checkpoint = await readCheckpoint(path);
  const { metadata } = checkpoint;
  const vocabulary = vocabularyFromSymbols(metadata.vocabulary, metadata.symbols);
  const { text: symbols, remarks } = await readInspectedText(text, metadata, vocabulary, hooks);
  return { inspection: new Inspection(inspectedModel(checkpoint, backend), symbols), metadata, remarks };
}

/** A checkpoint's model, with the weights that it is used with. */
export function inspectedModel(checkpoint: Checkpoint, backend: EmbeddedBackend): InspectedModel {
  const { spec } = checkpoint.metadata;
  const parameters = usedParameters(checkpoint);
  const network = backend.createSamplingNetwork(spec);
  network.importTensors(parameters);
  return { spec, parameters, network, backend };
}
