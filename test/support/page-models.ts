import type { TensorData } from '../../src/engine/backends/backend.ts';
import type { Checkpoint } from '../../src/engine/checkpoints/content.ts';
import { parameterShapes, elementCount } from '../../src/shared/domain/model-tensors.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import { checkpointMetadata } from './checkpoints.ts';
import { randomNumbers } from './networks.ts';

const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
/** Symbols that would end or change their surroundings without escaping. */
export const oddSymbols = ['\n', ...printable, 'é', '\u2028', '\u2029', '😀'];
export const allBytes = Array.from({ length: 256 }, (_, index) => String.fromCharCode(index));

/** A model drawn at random, loud enough that what it has read decides what comes next. */
export function drawnModel(
  changes: Partial<RunSettings>,
  vocabulary: readonly string[] = oddSymbols,
): Checkpoint {
  const settings: RunSettings = { ...defaultRunSettings, rnnSize: 24, numLayers: 3, ...changes };
  const { model, rnnSize, numLayers, dropout, layerNorm, residual, symbols } = settings;
  const spec = { model, rnnSize, numLayers, dropout, layerNorm, residual };
  const metadata = checkpointMetadata({
    settings,
    symbols,
    vocabulary: [...vocabulary],
    spec: { ...spec, vocabularySize: vocabulary.length },
  });
  const random = randomNumbers(rnnSize + numLayers);
  const tensors = parameterShapes(metadata.spec).map(({ name, shape }): [string, TensorData] => {
    const isGain = /\.g[xhc]$/.test(name);
    const value = (): number => (isGain ? 0.7 + random() : (random() * 2 - 1) * 0.5);
    return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, value) }];
  });
  return { metadata, tensors: new Map(tensors) };
}
