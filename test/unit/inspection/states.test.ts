import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmbeddedBackend, TensorMap } from '../../../src/engine/backends/backend.ts';
import { Inspection } from '../../../src/engine/inspection/inspection.ts';
import { otherPieces } from '../../../src/engine/inspection/pieces.ts';
import { unitCount, unitWithNumber } from '../../../src/engine/inspection/units.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { parameterShapes } from '../../../src/shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { inspectedModelOf, read } from '../../support/inspections.ts';

const numbers = z.array(z.number());
/** Written by scripts/reference/inspect-states.py: numpy, float64. */
const golden = z
  .object({
    vocabulary: z.number(),
    size: z.number(),
    layers: z.number(),
    record_starts: numbers,
    cases: z.array(
      z.object({
        model: z.enum(['lstm', 'gru', 'rnn']),
        layer_norm: z.boolean(),
        residual: z.boolean(),
        params: z.record(z.string(), numbers),
        symbols: numbers,
        states: z.array(numbers),
        logits: z.array(numbers),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/inspection-states.json', import.meta.url), 'utf8')));

const tolerance = 1e-5;

describe('the states that are looked at', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => void (backend = await loadWasmBackend({ threads: 1 })));
  afterAll(() => backend.dispose());

  for (const one of golden.cases) {
    const spec: ModelSpec = {
      model: one.model,
      vocabularySize: golden.vocabulary,
      rnnSize: golden.size,
      numLayers: golden.layers,
      dropout: 0,
      layerNorm: one.layer_norm,
      residual: one.residual ? 'on' : 'off',
    };
    const name = `${one.model}${one.layer_norm ? ', layer-normalised' : ''}${one.residual ? ', residual' : ''}`;

    it(`are those of an independent forward pass, from zero where a record begins: ${name}`, () => {
      const parameters: TensorMap = new Map(
        parameterShapes(spec).map(({ name: tensor, shape }) => [
          tensor,
          { shape, data: Float32Array.from(one.params[tensor] ?? []) },
        ]),
      );
      const starts = Uint8Array.from(one.symbols, (_, place) => Number(golden.record_starts.includes(place)));
      const vocabulary = { mode: 'characters', codes: [97, 98, 99, 100] } as const;
      const text = otherPieces({ vocabulary, symbols: Uint8Array.from(one.symbols), starts });
      const inspection = read(new Inspection(inspectedModelOf(backend, spec, parameters), text));
      one.states.forEach((expected, position) => {
        const states = inspection.statesAt(position);
        expect(states).toHaveLength(expected.length);
        expected.forEach((value, unit) =>
          expect(Math.abs((states[unit] ?? NaN) - value)).toBeLessThan(tolerance),
        );
        const logits = inspection.logitsOf(states);
        one.logits[position]?.forEach((value, symbol) =>
          expect(Math.abs((logits[symbol] ?? NaN) - value)).toBeLessThan(tolerance),
        );
      });
      for (let unit = 0; unit < unitCount(spec); unit++) {
        const { values } = inspection.window(unitWithNumber(spec, unit), 0, 100);
        expect(values).toHaveLength(one.symbols.length);
        values.forEach((value, position) =>
          expect(Math.abs(value - (one.states[position]?.[unit] ?? NaN))).toBeLessThan(tolerance),
        );
        const mean = one.states.reduce((sum, states) => sum + (states[unit] ?? NaN), 0) / one.states.length;
        expect(inspection.scale(unitWithNumber(spec, unit)).mean).toBeCloseTo(mean, 5);
      }
    });
  }
});
