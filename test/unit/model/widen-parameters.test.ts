import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend, TensorMap } from '../../../src/engine/backends/backend.ts';
import type { Vocabulary } from '../../../src/engine/dataset/corpus.ts';
import { createVocabulary, indexByCode } from '../../../src/engine/dataset/vocabulary.ts';
import { initialParameters } from '../../../src/engine/model/initial-parameters.ts';
import { widenParameters } from '../../../src/engine/model/widen-parameters.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { plainModel, type ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { parameterShapes } from '../../../src/shared/domain/model-tensors.ts';
import { randomNumbers, randomTensors } from '../../support/networks.ts';

let backend: EmbeddedBackend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

/** Every other code of a range, so that new symbols are before, between and after the known ones. */
function sparse(from: number, size: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => from + 2 * index);
}

/** Logits of a text that is written in known codes, step by step, by code. */
function logitsOf(
  spec: ModelSpec,
  parameters: TensorMap,
  vocabulary: Vocabulary,
  text: readonly number[],
): readonly ReadonlyMap<number, number>[] {
  const network = backend.createSamplingNetwork(spec);
  network.importTensors(parameters);
  const index = indexByCode(vocabulary);
  const steps = text.map((code) => {
    const logits = network.sampleStep(index[code] ?? -1);
    return new Map(vocabulary.codes.map((known, place) => [known, logits[place] ?? NaN]));
  });
  network.dispose();
  return steps;
}

const models = (['lstm', 'gru', 'rnn'] as const).flatMap((model) =>
  [false, true].map((layerNorm) => ({ ...plainModel, model, layerNorm, numLayers: 3, rnnSize: 20 })),
);

describe('widening the vocabulary of a model', () => {
  test.each(models)('keeps every old logit to the bit: $model, layerNorm $layerNorm', (model) => {
    const random = randomNumbers(5);
    // Sizes below, at and above what the kernels compute together.
    for (const [size, more] of [
      [1, 1],
      [7, 9],
      [16, 1],
      [61, 70],
    ] as const) {
      const before = createVocabulary('characters', sparse(100, size));
      const after = createVocabulary('characters', [
        ...before.codes,
        ...sparse(99, more), // odd codes: none of them is known
      ]);
      const spec = { ...model, residual: 'deep', vocabularySize: size } as const;
      const shapes = new Set(parameterShapes(spec).map(({ name }) => name));
      const parameters = new Map([...randomTensors(spec, 1, random)].filter(([name]) => shapes.has(name)));
      const text = Array.from({ length: 12 }, () => before.codes[Math.floor(random() * size)] ?? 0);
      const widened = widenParameters({ spec, parameters, before, after, seed: 3 });
      const wider = { ...spec, vocabularySize: after.codes.length };

      const old = logitsOf(spec, parameters, before, text);
      const now = logitsOf(wider, widened, after, text);
      now.forEach((logits, step) => {
        const known = new Map([...logits].filter(([code]) => before.codes.includes(code)));
        expect(known).toEqual(old[step]);
      });
    }
  });

  test('gives new symbols the first weights of a new model of the seed, and changes nothing else', () => {
    const before = createVocabulary('bytes', [65, 67]);
    const after = createVocabulary('bytes', [65, 66, 67, 200]);
    const spec = { ...plainModel, model: 'lstm', numLayers: 2, rnnSize: 3, vocabularySize: 2 } as const;
    const parameters = new Map(
      [...initialParameters(spec, 1)].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((_, index) => 1 + index) },
      ]),
    );
    const widened = widenParameters({ spec, parameters, before, after, seed: 9 });
    const drawn = initialParameters({ ...spec, vocabularySize: 4 }, 9);
    expect([...widened.keys()]).toEqual([...drawn.keys()]);
    const bias = Array.from(drawn.get('decoder.b')?.data ?? []);
    expect(Array.from(widened.get('decoder.b')?.data ?? [])).toEqual([1, bias[1], 2, bias[3]]);
    const rows = Array.from(drawn.get('decoder.w')?.data ?? []);
    expect(Array.from(widened.get('decoder.w')?.data ?? [])).toEqual([
      ...[1, 2, 3],
      ...rows.slice(3, 6),
      ...[4, 5, 6],
      ...rows.slice(9, 12),
    ]);
    const input = drawn.get('layers.0.wx');
    expect(widened.get('layers.0.wx')?.shape).toEqual([12, 4]);
    expect(Array.from(widened.get('layers.0.wx')?.data.subarray(4, 8) ?? [])).toEqual([
      ...[3, input?.data[5]],
      ...[4, input?.data[7]],
    ]);
    for (const name of ['layers.0.wh', 'layers.0.bx', 'layers.1.wx', 'layers.1.bh']) {
      expect(widened.get(name)).toBe(parameters.get(name));
    }
  });
});
