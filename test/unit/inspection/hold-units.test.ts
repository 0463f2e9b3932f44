import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import { heldNetwork, holdUnits, type HeldUnit } from '../../../src/engine/inspection/hold-units.ts';
import { numberOfUnit } from '../../../src/engine/inspection/units.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { asValues, randomNumbers, randomTensors } from '../../support/networks.ts';
import { clampedReading } from '../../support/clamped-reading.ts';

const base = { vocabularySize: 7, rnnSize: 9, numLayers: 3, dropout: 0 } as const;
const models = (['lstm', 'gru', 'rnn'] as const).flatMap((model) =>
  [false, true].flatMap((layerNorm) =>
    (['off', 'on'] as const).map((residual): ModelSpec => ({ ...base, model, layerNorm, residual })),
  ),
);
const named = models.map((spec) => ({
  spec,
  name: `${spec.model}${spec.layerNorm ? ', layer-normalised' : ''}${spec.residual === 'on' ? ', residual' : ''}`,
}));

/** Units in every layer, at values of both signs, small and large. */
function holdsFor(spec: ModelSpec): readonly (readonly HeldUnit[])[] {
  const h = (layer: number, unit: number, value: number): HeldUnit => ({
    unit: { state: 'h', layer, unit },
    value,
  });
  const c = (layer: number, unit: number, value: number): HeldUnit => ({
    unit: { state: 'c', layer, unit },
    value,
  });
  const outputs = [[h(0, 0, 0.3)], [h(1, 4, -0.93)], [h(2, 8, 0)], [h(0, 1, 0.999), h(2, 2, -0.2)]];
  if (spec.model !== 'lstm') return outputs;
  const both = [c(1, 3, 1.7), h(1, 3, -0.4)];
  return [
    ...outputs,
    [c(0, 0, 2.43)],
    [c(1, 5, -1.9)],
    [c(2, 7, 0.4)],
    [c(0, 2, 0)],
    both,
    [c(1, 1, 6), h(2, 1, 0.5)],
  ];
}

describe('units held by their parameters', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => void (backend = await loadWasmBackend({ threads: 1 })));
  afterAll(() => backend.dispose());

  for (const { spec, name } of named) {
    it(`equals overwriting the unit after every symbol: ${name}`, () => {
      const random = randomNumbers(11);
      const tensors = new Map(
        [...randomTensors(spec, 1, random, 0.9)].filter(([key]) => !key.startsWith('state')),
      );
      const symbols = Array.from({ length: 300 }, () => Math.floor(random() * spec.vocabularySize));
      for (const held of holdsFor(spec)) {
        const network = heldNetwork(backend.createSamplingNetwork(spec), holdUnits(spec, tensors, held));
        const expected = clampedReading(spec, asValues(tensors), symbols, held);
        network.resetSampling();
        let worst = 0;
        symbols.forEach((symbol, t) => {
          network.sampleStep(symbol).forEach((logit, index) => {
            worst = Math.max(worst, Math.abs(logit - (expected[t]?.[index] ?? NaN)));
          });
          const state = network.readSamplingState();
          for (const { unit, value } of held) {
            const isRead =
              unit.state === 'h' ||
              spec.layerNorm ||
              held.length === 1 ||
              !held.some(
                (other) =>
                  other.unit.state === 'h' &&
                  other.unit.layer === unit.layer &&
                  other.unit.unit === unit.unit,
              );
            if (isRead) expect(Math.abs((state[numberOfUnit(spec, unit)] ?? NaN) - value)).toBeLessThan(1e-6);
          }
        });
        expect(worst, JSON.stringify(held)).toBeLessThan(1e-5);
        network.dispose();
      }
    });
  }
});
