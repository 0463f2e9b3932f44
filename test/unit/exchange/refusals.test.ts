import { describe, expect, test } from 'vitest';
import { exportFormats, exportFormatTable, type ExportFormat } from '../../../src/shared/domain/exchange.ts';
import { plainModel, type ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { byteVocabulary, exchangeCases, exchangeCheckpoint } from '../../support/exchange.ts';

function refusal(
  format: ExportFormat,
  changes: Partial<ModelSpec>,
  symbols: 'characters' | 'bytes' = 'characters',
  vocabulary: readonly string[] = ['a', 'é'],
): string | null {
  const spec = {
    model: 'lstm',
    numLayers: 2,
    rnnSize: 8,
    vocabularySize: 2,
    ...plainModel,
    ...changes,
  } as const;
  return exportFormatTable[format].refusal({ spec, symbols, vocabulary })?.sentence ?? null;
}

describe('a format says what it cannot hold', () => {
  test('ml5: all except plain LSTMs of two layers, and bytes that are no characters', () => {
    expect(refusal('ml5', {})).toBeNull();
    expect(refusal('ml5', { model: 'gru' })).toBe(
      'ml5 writes with an LSTM of exactly 2 layers, and this model is a GRU of 2 layers.',
    );
    expect(refusal('ml5', { numLayers: 1 })).toBe(
      'ml5 writes with an LSTM of exactly 2 layers, and this model is an LSTM of 1 layer.',
    );
    expect(refusal('ml5', { model: 'rnn', numLayers: 3 })).toContain('an RNN of 3 layers');
    expect(refusal('ml5', { layerNorm: true })).toContain('layer normalisation');
    expect(refusal('ml5', { residual: 'on' })).toContain('residual connections');
    // With two layers this has none.
    expect(refusal('ml5', { residual: 'deep' })).toBeNull();
    expect(refusal('ml5', {}, 'bytes', byteVocabulary)).toContain('several bytes');
    expect(refusal('ml5', {}, 'bytes', ['\n', '~'])).toBeNull();
  });

  test('TensorFlow.js: layer-normalised models', () => {
    expect(refusal('tfjs', { layerNorm: true })).toContain('no layer normalisation');
    expect(refusal('tfjs', { model: 'gru', residual: 'on', numLayers: 5 })).toBeNull();
  });

  test('ONNX: models beyond 2 GB, before anything of them is read', () => {
    expect(refusal('onnx', { rnnSize: 8192, numLayers: 2 })).toContain('at most 2 GB');
    expect(refusal('pytorch', { rnnSize: 8192, numLayers: 2 })).toBeNull();
  });

  test('the fix names a format that holds the model', () => {
    for (const exchange of exchangeCases) {
      const { metadata } = exchangeCheckpoint(exchange);
      for (const format of exportFormats) {
        const refused = exportFormatTable[format].refusal(metadata);
        if (refused === null) continue;
        const named = exportFormats.filter((other) => {
          const [title = ''] = exportFormatTable[other].title.split(' and ');
          return refused.fix.split(';')[0]?.includes(title);
        });
        expect(named.length, refused.fix).toBeGreaterThan(0);
        for (const other of named) expect(exportFormatTable[other].refusal(metadata), other).toBeNull();
      }
    }
  });
});
