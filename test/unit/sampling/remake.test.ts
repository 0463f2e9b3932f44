import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedBackend } from '../../../src/engine/backends/backend.ts';
import type { Vocabulary } from '../../../src/engine/dataset/corpus.ts';
import { vocabularyFromSymbols } from '../../../src/engine/dataset/vocabulary.ts';
import { accountFor, remake, type Remaking } from '../../../src/engine/sampling/remake.ts';
import { TextGenerator } from '../../../src/engine/sampling/text-generator.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import { defaultSampleSettings, type SampleSettings } from '../../../src/shared/domain/sample-settings.ts';
import type { ColophonPart } from '../../../src/shared/domain/colophon.ts';
import { allBytes, drawnModel } from '../../support/page-models.ts';

let backend: EmbeddedBackend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

function modelOf(symbols: 'characters' | 'bytes', settings: Partial<SampleSettings> = {}): Remaking {
  const { metadata, tensors } =
    symbols === 'bytes' ? drawnModel({ symbols, numLayers: 1 }, allBytes) : drawnModel({ numLayers: 1 });
  const network = backend.createSamplingNetwork(metadata.spec);
  network.importTensors(tensors);
  const vocabulary: Vocabulary = vocabularyFromSymbols(metadata.vocabulary, symbols);
  const all = { ...defaultSampleSettings, primeText: 'The ', seed: 77, ...settings };
  return { network, vocabulary, separator: null, settings: all, length: 0 };
}

function accounted(model: Remaking, codes: readonly number[], starts: readonly number[] = []) {
  const account = accountFor(model, codes, starts);
  for (;;) {
    const { done, value } = account.next();
    if (done === true) return value;
  }
}

function codesOf({ vocabulary }: Remaking, indices: readonly number[]): readonly number[] {
  return indices.map((index) => vocabulary.codes[index] ?? -1);
}

function remade(model: Remaking, parts: readonly ColophonPart[], length: number): readonly number[] {
  return codesOf(
    model,
    Array.from(remake({ ...model, length }, parts), ({ index }) => index),
  );
}

/** A user's actions on the Write page: writes, chooses other symbols, continues. */
function edited(model: Remaking, takes: readonly (readonly [number, number])[], length: number) {
  const generator = new TextGenerator(model.network, model.vocabulary, { ...model.settings, length }, null);
  generator.begin();
  const indices: number[] = [];
  const write = (): void => {
    for (let symbol = generator.next(); symbol !== undefined; symbol = generator.next()) {
      indices.push(symbol.index);
    }
  };
  write();
  for (const [at, index] of takes) {
    generator.take(at, index, length - at - 1);
    indices.length = at;
    indices.push(index);
    write();
  }
  return codesOf(model, indices);
}

describe.each(['characters', 'bytes'] as const)('a text of %s', (symbols) => {
  test('that was only drawn has nothing chosen in it', () => {
    const model = modelOf(symbols);
    const codes = edited(model, [], 600);
    expect(accounted(model, codes)).toEqual([{ from: 0, chosen: [] }]);
  });

  test('with symbols chosen by hand records exactly these, and is written again with them', () => {
    const model = modelOf(symbols, { temperature: 0.7 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(299), fc.nat(30)), { maxLength: 5 }), (all) => {
        const takes = all.toSorted(([a], [b]) => a - b);
        const codes = edited(model, takes, 300);
        const [part] = accounted(model, codes);
        const places = new Set(takes.map(([at]) => at));
        // A choice that chance makes too is none.
        expect(part?.chosen.every(([at]) => places.has(at))).toBe(true);
        expect(remade(model, accounted(model, codes), codes.length)).toEqual(codes);
      }),
      { numRuns: 25 },
    );
  });

  test('that was continued after the model had read it again has parts', () => {
    const model = modelOf(symbols);
    const first = edited(model, [], 200);
    const { network, vocabulary, settings } = model;
    const isBytes = symbols === 'bytes';
    const primeText = isBytes
      ? settings.primeText
      : settings.primeText + first.map((code) => String.fromCodePoint(code)).join('');
    const generator = new TextGenerator(network, vocabulary, { ...settings, primeText, length: 100 }, null);
    generator.begin(isBytes ? first : []);
    const more: number[] = [];
    for (let symbol = generator.next(); symbol !== undefined; symbol = generator.next())
      more.push(symbol.index);
    const codes = [...first, ...codesOf(model, more)];
    const parts = accounted(model, codes, [200]);
    expect(parts).toEqual([
      { from: 0, chosen: [] },
      { from: 200, chosen: [] },
    ]);
    expect(remade(model, parts, codes.length)).toEqual(codes);
    // Without knowing where it was read again it is longer to say, and no less exact.
    const long = accounted(model, codes);
    expect(long[0]?.chosen.length).toBeGreaterThan(20);
    expect(remade(model, long, codes.length)).toEqual(codes);
  });

  test('with any settings at all is written again', () => {
    const model = modelOf(symbols, { topP: 0.8, repetitionGuard: 3, greedyInWords: true, primeText: '' });
    const codes = edited(model, [[10, 3]], 250);
    expect(remade(model, accounted(model, codes), codes.length)).toEqual(codes);
  });
});

test('a symbol that the model does not know is refused', () => {
  const model = modelOf('characters');
  const wrong = { code: 'incompatible' };
  expect(() => accounted(model, [0x4e00])).toThrow(expect.objectContaining(wrong));
  expect(() => remade(model, [{ from: 0, chosen: [[0, 0x4e00]] }], 1)).toThrow(
    expect.objectContaining(wrong),
  );
});
