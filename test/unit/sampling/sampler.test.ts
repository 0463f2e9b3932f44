import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend, SamplingNetwork } from '../../../src/engine/backends/backend.ts';
import { createVocabulary } from '../../../src/engine/dataset/vocabulary.ts';
import { RandomGenerator } from '../../../src/engine/random/random-generator.ts';
import { draw, keepLikeliest, likeliest, probabilities } from '../../../src/engine/sampling/draw.ts';
import { startSampling, type SampledSymbol } from '../../../src/engine/sampling/sampler.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { defaultSampleSettings, type SampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import { tinyParameters, tinySpec } from '../../support/tiny-run.ts';

const vocabulary = createVocabulary(
  'characters',
  Array.from("\nab'de", (symbol) => symbol.codePointAt(0) ?? 0),
);

let backend: EmbeddedBackend;
let network: SamplingNetwork;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
  network = backend.createSamplingNetwork(tinySpec);
  // Louder parameters, so that what comes before decides what comes next.
  const loud = [...tinyParameters()].map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((value) => value * 40) }] as const,
  );
  network.importTensors(new Map(loud));
});
afterAll(() => backend.dispose());

function write(settings: Partial<SampleSettings> = {}): string {
  return Array.from(sampled(settings), ({ text }) => text).join('');
}

function sampled(settings: Partial<SampleSettings>): Iterable<SampledSymbol> {
  return startSampling(network, vocabulary, { ...defaultSampleSettings, length: 200, ...settings }).symbols();
}

describe('writing', () => {
  test('depends on the seed and on nothing that happened before', () => {
    const text = write();
    expect(text).toHaveLength(200);
    write({ primeText: 'abab', seed: 5 });
    expect(write()).toBe(text);
    expect(write({ seed: 124 })).not.toBe(text);
  });

  test('greedy, the likeliest symbol only, and a temperature near zero agree', () => {
    const greedy = write({ greedy: true, primeText: 'a' });
    expect(write({ topK: 1, primeText: 'a' })).toBe(greedy);
    expect(write({ temperature: 1e-6, primeText: 'a' })).toBe(greedy);
    expect(write({ primeText: 'a' })).not.toBe(greedy);
  });

  test('goes on from the opening words as if it had written them itself', () => {
    const whole = write({ greedy: true, primeText: 'ab' });
    const rest = write({ greedy: true, primeText: `ab${whole.slice(0, 50)}`, length: 150 });
    expect(rest).toBe(whole.slice(50));
  });

  test('reports opening words it cannot read, with what it read instead', () => {
    const sampling = startSampling(network, vocabulary, { ...defaultSampleSettings, primeText: 'a’漢b' });
    expect(sampling.primeText).toBe("a'b");
    expect(sampling.unknown).toEqual([
      { character: '’', count: 1, replacement: "'" },
      { character: '漢', count: 1, replacement: null },
    ]);
  });

  test('stops right after the stop text', () => {
    const whole = write();
    const stop = whole.slice(60, 63);
    expect(write({ stop })).toBe(whole.slice(0, whole.indexOf(stop) + 3));
  });

  test('gives the probability of every symbol, and the first without opening words by lot', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      for (const { index, probability, distribution } of sampled({ seed, length: 1 })) {
        firsts.add(index);
        expect(probability).toBeCloseTo(1 / 6, 12);
        expect(distribution.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      }
    }
    expect(firsts.size).toBe(6);
    for (const { index, probability, distribution } of sampled({ primeText: 'ab' })) {
      expect(distribution.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(distribution[index]).toBe(probability);
    }
  });
});

describe('drawing', () => {
  const logits = Float32Array.of(1, 3, 2, -1e4, 3);

  test('softmax with temperature, whatever the size of the logits', () => {
    const values = new Float64Array(5);
    for (const [shift, temperature] of [
      [0, 1],
      [500, 0.5],
      [-3000, 2],
    ] as const) {
      probabilities(
        logits.map((logit) => logit + shift),
        temperature,
        values,
      );
      const expected = [1, 3, 2, 3].map((logit) => Math.exp((logit - 3) / temperature));
      const sum = expected.reduce((total, value) => total + value, 0);
      expect([values[0], values[1], values[2], values[4]].map((value) => (value ?? 0) * sum)).toEqual(
        expected.map((value): unknown => expect.closeTo(value, 10)),
      );
      expect(values[3]).toBe(0);
    }
  });

  test('keeps the k likeliest and renormalises; the first of equals wins', () => {
    const values = Float64Array.of(0.1, 0.3, 0.2, 0.1, 0.3);
    expect(likeliest(values)).toBe(1);
    keepLikeliest(values, 3);
    expect(Array.from(values)).toEqual(
      [0, 0.375, 0.25, 0, 0.375].map((value): unknown => expect.closeTo(value, 12)),
    );
  });

  test('follows the probabilities and never takes what has none', () => {
    const values = Float64Array.of(0.5, 0, 0.3, 0.2);
    const generator = RandomGenerator.seeded('sampling', 3);
    const counts = [0, 0, 0, 0];
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      const index = draw(values, generator);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    // Chi squared with two degrees of freedom: 18.4 is exceeded once in ten thousand seeds.
    const distance = [0, 2, 3].reduce((sum, index) => {
      const expected = (values[index] ?? 0) * draws;
      return sum + ((counts[index] ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(distance).toBeLessThan(18.4);
  });
});
