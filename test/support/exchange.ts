import type { Checkpoint, CheckpointMetadata } from '../../src/engine/checkpoints/content.ts';
import { plainModel, type ModelSpec } from '../../src/shared/domain/model-spec.ts';
import { averagePrefix } from '../../src/shared/domain/model-tensors.ts';
import { checkpointMetadata, smallSettings } from './checkpoints.ts';
import { randomNumbers, randomTensors } from './networks.ts';

/** Symbols of one, two and three bytes, and of two UTF-16 units; with what a format might take for its own. */
export const oddVocabulary = [
  '\0',
  '\n',
  ' ',
  '"',
  "'",
  '<',
  'T',
  '\\',
  'e',
  'h',
  'é',
  '\u2028',
  '中',
  '😀',
  '🙂',
];

/** Bytes of UTF-8, ascending, as a model of bytes has them. */
export const byteVocabulary = ['\n', ' ', 'T', 'e', 'h', '\x82', '\xa9', '\xac', '\xc3', '\xe2'];

export interface ExchangeCase {
  readonly title: string;
  readonly spec: Pick<ModelSpec, 'model' | 'numLayers'> & Partial<ModelSpec>;
  readonly symbols?: 'characters' | 'bytes';
  readonly vocabulary?: readonly string[];
  readonly weights?: CheckpointMetadata['weights'];
}

/** Every cell plain, layer-normalised, residual; averaged weights; bytes. */
export const exchangeCases: readonly ExchangeCase[] = [
  ...(['lstm', 'gru', 'rnn'] as const).flatMap((model): readonly ExchangeCase[] => [
    { title: model, spec: { model, numLayers: 2 } },
    { title: `${model}, one layer`, spec: { model, numLayers: 1 } },
    { title: `${model}, residual`, spec: { model, numLayers: 3, residual: 'deep' } },
    { title: `${model}, layer-normalised`, spec: { model, numLayers: 2, layerNorm: true } },
    {
      title: `${model}, layer-normalised and residual`,
      spec: { model, numLayers: 3, layerNorm: true, residual: 'on' },
    },
  ]),
  { title: 'lstm, averaged', spec: { model: 'lstm', numLayers: 2 }, weights: 'averaged' },
  { title: 'lstm of bytes', spec: { model: 'lstm', numLayers: 2 }, symbols: 'bytes' },
  {
    title: 'lstm of ASCII bytes',
    spec: { model: 'lstm', numLayers: 2 },
    symbols: 'bytes',
    vocabulary: byteVocabulary.filter((byte) => byte < '\x7f'),
  },
];

/** A checkpoint of a case with weights that use the gates, and others where they must not be used. */
export function exchangeCheckpoint({
  spec: changes,
  symbols = 'characters',
  weights = 'trained',
  vocabulary = symbols === 'bytes' ? byteVocabulary : oddVocabulary,
}: ExchangeCase): Checkpoint {
  const spec = { ...plainModel, rnnSize: 12, vocabularySize: vocabulary.length, ...changes };
  const { model, rnnSize, numLayers, layerNorm, residual } = spec;
  const settings = {
    ...{ ...smallSettings, symbols, model, rnnSize, numLayers, layerNorm, residual },
    dropout: 0,
    averageDecay: weights === 'averaged' ? 0.999 : 0,
  };
  const drawn = (seed: number): Checkpoint['tensors'] =>
    new Map([...randomTensors(spec, 1, randomNumbers(seed))].filter(([name]) => !name.startsWith('state.')));
  const averaged = [...drawn(8)].map(([name, tensor]) => [averagePrefix + name, tensor] as const);
  return {
    metadata: checkpointMetadata({ spec, symbols, vocabulary: [...vocabulary], settings, weights }),
    tensors: new Map([...drawn(7), ...(weights === 'averaged' ? averaged : [])]),
  };
}
