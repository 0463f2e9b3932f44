import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmbeddedBackend, TensorMap } from '../../../src/engine/backends/backend.ts';
import { Inspection } from '../../../src/engine/inspection/inspection.ts';
import { otherPieces } from '../../../src/engine/inspection/pieces.ts';
import { lossOf } from '../../../src/engine/inspection/states.ts';
import { unitCount, unitWithNumber } from '../../../src/engine/inspection/units.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { parameterShapes } from '../../../src/shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { randomNumbers, randomTensors } from '../../support/networks.ts';
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

describe('the states that are inspected', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => void (backend = await loadWasmBackend({ threads: 1 })));
  afterAll(() => backend.dispose());

  for (const one of golden.cases) {
    const spec = specOf(one);
    const name = `${one.model}${one.layer_norm ? ', layer-normalised' : ''}${one.residual ? ', residual' : ''}`;

    it(`are those of an independent forward pass, from zero where a record begins: ${name}`, () => {
      const parameters = parametersOf(spec, one.params);
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

    it(`are the same for many places that are read side by side: ${name}`, () => {
      const tensors = new Map(
        [...randomTensors(spec, 1, randomNumbers(3), 0.9)].filter(([key]) => !key.startsWith('state')),
      );
      const random = randomNumbers(4);
      const symbols = Uint8Array.from({ length: 9001 }, () => Math.floor(random() * golden.vocabulary));
      const vocabulary = { mode: 'characters', codes: [97, 98, 99, 100] } as const;
      const text = otherPieces({ vocabulary, symbols, starts: undefined });
      expect(text.pieces.length).toBeGreaterThan(3);
      const inspection = read(new Inspection(inspectedModelOf(backend, spec, tensors), text));
      const network = backend.createSamplingNetwork(spec);
      network.importTensors(tensors);
      for (const piece of text.pieces) {
        network.resetSampling();
        for (
          let place = piece.position - piece.warmUp;
          place < piece.position + piece.end - piece.start;
          place++
        ) {
          const logits = network.sampleStep(symbols[place] ?? 0);
          if (place < piece.position) continue;
          const position = piece.start + place - piece.position;
          const states = network.readSamplingState();
          const own = inspection.statesAt(position);
          const worst = states.reduce(
            (most, value, unit) => Math.max(most, Math.abs(value - (own[unit] ?? NaN))),
            0,
          );
          expect(worst).toBeLessThan(tolerance);
          const next = symbols[place + 1];
          if (next === undefined) expect(inspection.losses[position]).toBeNaN();
          else
            expect(Math.abs((inspection.losses[position] ?? NaN) - lossOf(logits, next))).toBeLessThan(
              tolerance,
            );
        }
      }
      network.dispose();
    });
  }

  it('are those of the independent pass without records as well', () => {
    const first = golden.record_starts[1] ?? 0;
    for (const one of golden.cases.filter(({ layer_norm: isNormalised }) => isNormalised)) {
      const spec = specOf(one);
      const parameters = parametersOf(spec, one.params);
      const vocabulary = { mode: 'characters', codes: [97, 98, 99, 100] } as const;
      const symbols = Uint8Array.from(one.symbols.slice(0, first));
      const text = otherPieces({ vocabulary, symbols, starts: undefined });
      const inspection = read(new Inspection(inspectedModelOf(backend, spec, parameters), text));
      symbols.forEach((_, position) =>
        inspection
          .statesAt(position)
          .forEach((value, unit) =>
            expect(Math.abs(value - (one.states[position]?.[unit] ?? NaN))).toBeLessThan(tolerance),
          ),
      );
    }
  });
});

type Case = (typeof golden.cases)[number];

function specOf({ model, layer_norm: layerNorm, residual }: Case): ModelSpec {
  return {
    model,
    vocabularySize: golden.vocabulary,
    rnnSize: golden.size,
    numLayers: golden.layers,
    dropout: 0,
    layerNorm,
    residual: residual ? 'on' : 'off',
  };
}

function parametersOf(spec: ModelSpec, params: Case['params']): TensorMap {
  return new Map(
    parameterShapes(spec).map(({ name, shape }) => [
      name,
      { shape, data: Float32Array.from(params[name] ?? []) },
    ]),
  );
}
