import { encodeCheckpoint } from '../../checkpoints/codec.ts';
import { jsonFile, textFile, type ExchangeModel, type ExportedFile, type WriteContext } from '../format.ts';
import { pytorchLoader } from './loader.ts';

/**
 * A model for PyTorch: its weights as safetensors, never pickled, and a module that reads them. The file is a checkpoint with only the weights that
 * are used, so Charloom can open it too.
 */
export function writePytorch(
  { metadata, parameters }: ExchangeModel,
  { sha256 }: WriteContext,
): readonly ExportedFile[] {
  // Averaged weights, if used, are stored as the file's only weights.
  const checkpoint = { metadata: { ...metadata, weights: 'trained' as const }, tensors: parameters };
  return [
    { path: 'model.safetensors', pieces: encodeCheckpoint(checkpoint, sha256).pieces },
    textFile('charloom_model.py', pytorchLoader),
    jsonFile('vocabulary.json', metadata.vocabulary),
  ];
}
