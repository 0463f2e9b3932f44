import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import { scoreUnit } from '../../../src/engine/inspection/growth.ts';
import type { HeldUnit } from '../../../src/engine/inspection/hold-units.ts';
import { Inspection } from '../../../src/engine/inspection/inspection.ts';
import { occlude } from '../../../src/engine/inspection/occlusion.ts';
import { measureHeld } from '../../../src/engine/inspection/silence.ts';
import { lossOf } from '../../../src/engine/inspection/states.ts';
import { numberOfUnit } from '../../../src/engine/inspection/units.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import type { ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { clampedReading } from '../../support/clamped-reading.ts';
import { find, inspectedModelOf, inspectedText, outcome, read } from '../../support/inspections.ts';
import { asValues, randomNumbers, randomTensors } from '../../support/networks.ts';
import { talkingText } from '../../support/inspection-stream.ts';

const shapes = [
  { model: 'lstm', layerNorm: false, residual: 'off' },
  { model: 'lstm', layerNorm: true, residual: 'on' },
  { model: 'gru', layerNorm: true, residual: 'off' },
] as const;

function specFor(shape: (typeof shapes)[number], vocabularySize: number): ModelSpec {
  return { ...shape, vocabularySize, rnnSize: 10, numLayers: 2, dropout: 0 };
}

describe('a model that has read a text', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => void (backend = await loadWasmBackend({ threads: 1 })));
  afterAll(() => backend.dispose());

  function inspect(spec: ModelSpec, text: ReturnType<typeof inspectedText>): Inspection {
    const tensors = randomTensors(spec, 1, randomNumbers(21), 0.9);
    const parameters = new Map([...tensors].filter(([name]) => !name.startsWith('state')));
    return read(new Inspection(inspectedModelOf(backend, spec, parameters), text));
  }

  for (const shape of shapes) {
    it(`loses as much by held units as a model whose units are overwritten: ${JSON.stringify(shape)}`, () => {
      const text = inspectedText(talkingText(400));
      const spec = specFor(shape, text.vocabulary.codes.length);
      const inspection = inspect(spec, text);
      const state = shape.model === 'lstm' ? 'c' : 'h';
      const held: readonly HeldUnit[] = [
        { unit: { state, layer: 0, unit: 3 }, value: state === 'c' ? 2.2 : -0.8 },
        { unit: { state: 'h', layer: 1, unit: 5 }, value: 0.6 },
      ];
      const cost = outcome(measureHeld(inspection, held));
      const symbols = [...text.symbols];
      const logits = clampedReading(spec, asValues(inspection.model.parameters), symbols, held);
      const from = text.pieces[0]?.scoresFrom ?? NaN;
      const losses = symbols
        .slice(from + 1)
        .map((symbol, index) => lossOf(Float32Array.from(logits[from + index] ?? []), symbol));
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      expect(cost.held).toBeCloseTo(mean, 4);
      expect(cost.symbols.reduce((sum, { count }) => sum + count, 0)).toBe(losses.length);
      expect(Math.abs(cost.untouched - mean)).toBeGreaterThan(0.001);
    });
  }

  it('gives a single unit the score that the search gives it', () => {
    const text = inspectedText(talkingText(9000));
    const spec = specFor(shapes[0], text.vocabulary.codes.length);
    const inspection = inspect(spec, text);
    for (const name of ['word-start', 'position-in-word'] as const) {
      const property = { kind: 'built-in', name } as const;
      const { unit, score } = find(inspection, property);
      if (unit === null) throw new Error('nothing was measured');
      const alone = outcome(scoreUnit(inspection.model, text, property, numberOfUnit(spec, unit)));
      expect(alone).toBeCloseTo(score ?? NaN, 3);
    }
  });

  it('shows the characters of bytes where they are complete', () => {
    const whole = `Ünïcödé “quoted” 漢字 ${talkingText(6000)} – é`;
    const text = inspectedText(whole, 'bytes');
    const inspection = inspect(specFor(shapes[0], text.vocabulary.codes.length), text);
    expect(inspection.texts(0, text.length).join('')).toBe(whole);
    expect(inspection.texts(0, 3)).toEqual(['', 'Ü', 'n']);
  });

  it('reports what mattered: a forgotten symbol does not', () => {
    const text = inspectedText(talkingText(300));
    const spec = specFor(shapes[0], text.vocabulary.codes.length);
    const tensors = randomTensors(spec, 1, randomNumbers(5), 0.9);
    const parameters = new Map([...tensors].filter(([name]) => !name.startsWith('state')));
    // Without a past: no recurrent weights, and forget gates that are shut.
    for (const layer of [0, 1]) {
      parameters.get(`layers.${layer}.wh`)?.data.fill(0);
      parameters.get(`layers.${layer}.bx`)?.data.fill(-100, 10, 20);
    }
    const inspection = read(new Inspection(inspectedModelOf(backend, spec, parameters), text));
    const effects = occlude(inspection, 200, 20);
    expect(effects).toHaveLength(20);
    expect(effects.at(-1)).toBeGreaterThan(1e-4);
    expect(Math.max(...effects.slice(0, -1))).toBeLessThan(1e-6);
  });
});
