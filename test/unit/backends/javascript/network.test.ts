import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend } from '../../../../src/engine/backends/backend.ts';
import { JavaScriptNetwork } from '../../../../src/engine/backends/javascript/network.ts';
import { createVocabulary } from '../../../../src/engine/dataset/vocabulary.ts';
import { startSampling } from '../../../../src/engine/sampling/sampler.ts';
import { loadWasmBackend } from '../../../../src/node/wasm/backend.ts';
import { cellKinds } from '../../../../src/shared/domain/cells.ts';
import { elementCount, parameterShapes } from '../../../../src/shared/domain/model-tensors.ts';
import { residualModes, type ModelSpec } from '../../../../src/shared/domain/model-spec.ts';
import { defaultSampleSettings } from '../../../../src/shared/domain/sample-settings.ts';
import { randomNumbers } from '../../../support/networks.ts';

let backend: EmbeddedBackend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

/** Weights loud enough that what was read decides what comes next. */
function drawnParameters(spec: ModelSpec) {
  const random = randomNumbers(5);
  return new Map(
    parameterShapes(spec).map(({ name, shape }) => {
      const isGain = /\.g[xhc]$/.test(name);
      const data = Float32Array.from({ length: elementCount(shape) }, () =>
        isGain ? 0.7 + random() : (random() * 2 - 1) * 0.4,
      );
      return [name, { shape, data }];
    }),
  );
}

function bothNetworks(spec: ModelSpec) {
  const parameters = drawnParameters(spec);
  const own = new JavaScriptNetwork(spec);
  own.importTensors(parameters);
  const kernels = backend.createSamplingNetwork(spec);
  kernels.importTensors(parameters);
  return { own, kernels };
}

const vocabulary = createVocabulary(
  'characters',
  Array.from({ length: 37 }, (_, index) => 97 + index),
);

// 23 units fill no vector, 128 fill all; three layers let each kind of residual act.
const models = cellKinds.flatMap((model) =>
  [false, true].flatMap((layerNorm) =>
    [23, 64].map((rnnSize, at) => ({ model, layerNorm, rnnSize, residual: residualModes[at] ?? 'off' })),
  ),
);

describe('a network in JavaScript', () => {
  test.each(models)('%j writes what the kernels write, nearly to the bit', (kind) => {
    const spec = { ...kind, vocabularySize: 37, numLayers: 3, dropout: 0 };
    const { own, kernels } = bothNetworks(spec);
    const symbols = randomNumbers(9);
    let largest = 0;
    for (let step = 0; step < 300; step++) {
      const symbol = Math.floor(symbols() * 37);
      const expected = kernels.sampleStep(symbol).slice();
      own.sampleStep(symbol).forEach((logit, index) => {
        largest = Math.max(largest, Math.abs(logit - (expected[index] ?? NaN)));
      });
    }
    // Equal to the bit where the processor has fused multiply-add; others round each product.
    expect(largest).toBeLessThan(1e-5);
    const text = (network: typeof kernels): string => {
      const settings = { ...defaultSampleSettings, length: 3000, primeText: 'abc' };
      return Array.from(startSampling(network, vocabulary, settings).symbols(), (each) => each.text).join('');
    };
    expect(text(own)).toBe(text(kernels));
  });
});
