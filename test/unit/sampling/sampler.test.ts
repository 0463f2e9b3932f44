import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend, SamplingNetwork } from '../../../src/engine/backends/backend.ts';
import { createVocabulary } from '../../../src/engine/dataset/vocabulary.ts';
import { RandomGenerator } from '../../../src/engine/random/random-generator.ts';
import { draw, keepLikeliest, likeliest, probabilities } from '../../../src/engine/sampling/draw.ts';
import { startSampling, type SampledSymbol } from '../../../src/engine/sampling/sampler.ts';
import { TextGenerator } from '../../../src/engine/sampling/text-generator.ts';
import { endsInWord } from '../../../src/engine/sampling/words.ts';
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

  test('continues the opening words as if it had written them', () => {
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

  test('gives the probability of every symbol, and draws the first one at random without opening words', () => {
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

describe('texts written by earlier versions', () => {
  // Written by commit dbac94f, before there were top-p, min-p, the guard and the rest.
  const texts = z
    .array(z.tuple([z.record(z.string(), z.unknown()), z.string()]))
    .parse(JSON.parse(readFileSync('test/fixtures/texts-before-filters.json', 'utf8')));

  test.each(texts)('are written again: %j', (settings, text) => {
    expect(write({ ...settings, length: 120 })).toBe(text);
  });
});

describe('a text that stops early', () => {
  test('ends with its first line that is not empty', () => {
    const settings = { seed: 9, temperature: 1.4 };
    const whole = write(settings);
    expect(whole.startsWith('\n')).toBe(true);
    const end = whole.indexOf('\n', 1) + 1;
    const sampling = startSampling(network, vocabulary, {
      ...{ ...defaultSampleSettings, ...settings, length: 200, stopAtLineEnd: true },
    });
    expect(Array.from(sampling.symbols(), ({ text }) => text).join('')).toBe(whole.slice(0, end));
    expect(sampling.end()).toBe('line-end');
    expect(write({ ...settings, stopAtLineEnd: true, length: 20 })).toBe(whole.slice(0, 20));
  });

  test('continues with the next line, and the same symbols', () => {
    const settings = { ...defaultSampleSettings, seed: 9, temperature: 1.4, length: 200 };
    const generator = new TextGenerator(network, vocabulary, { ...settings, stopAtLineEnd: true });
    generator.begin();
    const rest = (): string => {
      let text = '';
      for (let next = generator.next(); next !== undefined; next = generator.next()) text += next.text;
      return text;
    };
    const first = rest();
    generator.extend(200);
    const second = rest();
    expect(second.trim()).not.toBe('');
    expect(second.endsWith('\n')).toBe(true);
    expect(write({ ...settings }).startsWith(first + second)).toBe(true);
  });

  test('is refused when the model knows no line end', () => {
    const known = startSampling(network, vocabulary, { ...defaultSampleSettings, stopAtLineEnd: true });
    expect(known.neverEndsLine).toBe(false);
    const other = createVocabulary('characters', [97, 98, 99, 100, 101, 102]);
    const never = startSampling(network, other, { ...defaultSampleSettings, stopAtLineEnd: true });
    expect(never.neverEndsLine).toBe(true);
  });
});

describe('a model of records', () => {
  const settings = { ...defaultSampleSettings, seed: 9, temperature: 1.4, length: 200 };
  const text = (own: Partial<SampleSettings>, separator: string | null): string =>
    Array.from(
      startSampling(network, vocabulary, { ...settings, ...own }, separator).symbols(),
      (each) => each.text,
    ).join('');

  test('reads the start of a record first, before the opening words too', () => {
    expect(text({}, '\n')).toBe(text({ primeText: '\n' }, null));
    expect(text({ primeText: 'ab' }, "b'\n")).toBe(text({ primeText: '\nab' }, null));
  });

  test('ends with its record on request, never with an empty one', () => {
    const whole = text({}, '\n');
    const first = /^\n*[^\n]+\n/.exec(whole)?.[0];
    expect(first?.length).toBeLessThan(200);
    const sampling = startSampling(network, vocabulary, { ...settings, stopAtRecord: true }, '\n');
    expect(Array.from(sampling.symbols(), (each) => each.text).join('')).toBe(first);
    expect(sampling.end()).toBe('record-end');
    // Without records there is nothing to end with.
    expect(text({ stopAtRecord: true }, null)).toBe(text({}, null));
  });
});

describe('greedy inside words', () => {
  test('draws only between words, and takes the likeliest inside them', () => {
    let free = 0;
    let before = 'b';
    for (const { index, text, distribution } of sampled({
      ...{ greedyInWords: true, temperature: 3, primeText: 'b', length: 400 },
    })) {
      // The only letters are a, b, d and e; an apostrophe after one of them belongs to the word.
      const isInside = /[a-e]'?$/.test(before);
      if (isInside) expect(index).toBe(likeliest(distribution));
      else if (index !== likeliest(distribution)) free++;
      before += text;
    }
    expect(free).toBeGreaterThan(20);
  });

  test('an alternative equal to the written symbol changes nothing', () => {
    const settings = { ...defaultSampleSettings, greedyInWords: true, temperature: 2, primeText: 'b' };
    const generator = new TextGenerator(network, vocabulary, settings);
    generator.begin();
    const indices: number[] = [];
    for (let i = 0; i < 60; i++) indices.push(generator.next()?.index ?? -1);
    generator.take(20, indices[20] ?? 0, 39);
    const after = Array.from({ length: 39 }, () => generator.next()?.index);
    expect(after).toEqual(indices.slice(21));
  });

  test.each([
    ['the se', true],
    ['don’', true],
    ["don't", true],
    ['été', true],
    ['a_', true],
    ['e\u0301', true],
    ['x2', true],
    ['the ', false],
    ['end.', false],
    ['“', false],
    ["'", false],
    ['well-', false],
    ['日本', false],
    ['ไทย', false],
    ['', false],
  ])('“%s” ends in a word: %s', (text, is) => expect(endsInWord(text)).toBe(is));
});

describe('the repetition guard', () => {
  test('breaks a loop of greedy writing, the opening words included', () => {
    const looping = write({ greedy: true, primeText: 'ab', length: 400 });
    const guarded = write({ greedy: true, primeText: 'ab', length: 400, repetitionGuard: 12 });
    const different = (text: string): number =>
      new Set(Array.from({ length: text.length - 11 }, (_, at) => text.slice(at, at + 12))).size;
    expect(different(guarded)).toBeGreaterThan(10 * different(looping));
    const after = { greedy: true, primeText: `ab${looping.slice(0, 150)}`, length: 50 };
    expect(write(after)).toBe(looping.slice(150, 200));
    expect(write({ ...after, repetitionGuard: 12 })).not.toBe(looping.slice(150, 200));
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
