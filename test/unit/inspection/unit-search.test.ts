import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedBackend, TensorMap } from '../../../src/engine/backends/backend.ts';
import { Inspection } from '../../../src/engine/inspection/inspection.ts';
import type { InspectedSymbols } from '../../../src/engine/inspection/pieces.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';
import type { PropertyRequest } from '../../../src/shared/domain/inspected-properties.ts';
import { plainModel, type ModelSpec } from '../../../src/shared/domain/model-spec.ts';
import { randomNumbers, randomTensors } from '../../support/networks.ts';
import { find, inspectedModelOf, inspectedText, read } from '../../support/inspections.ts';

const size = 16;
/** Counted from 0. */
const latch = 5;
const brackets: PropertyRequest = { kind: 'built-in', name: 'brackets' };
const quotes: PropertyRequest = { kind: 'built-in', name: 'quotes' };

function specFor({ vocabulary }: InspectedSymbols): ModelSpec {
  return {
    model: 'lstm',
    vocabularySize: vocabulary.codes.length,
    rnnSize: size,
    numLayers: 1,
    ...plainModel,
  };
}

function randomModel(spec: ModelSpec, seed: number): TensorMap {
  const tensors = randomTensors(spec, 1, randomNumbers(seed), 1.5);
  return new Map([...tensors].filter(([name]) => !name.startsWith('state')));
}

/** Sets one memory to 1 from `(` and to 0 from `)`, whatever else the model reads. */
function addLatch(tensors: TensorMap, { vocabulary }: InspectedSymbols): TensorMap {
  const symbolOf = (character: string): number => vocabulary.codes.indexOf(character.codePointAt(0) ?? 0);
  const all = vocabulary.codes.length;
  const [i, f, , g] = [0, 1, 2, 3].map((gate) => gate * size + latch);
  const set = (name: string, at: number, value: number): void =>
    void tensors.get(`layers.0.${name}`)?.data.fill(value, at, at + 1);
  for (const row of [i, f, g]) {
    for (let unit = 0; unit < size; unit++) set('wh', (row ?? 0) * size + unit, 0);
    for (let symbol = 0; symbol < all; symbol++) set('wx', (row ?? 0) * all + symbol, 0);
    set('bh', row ?? 0, 0);
  }
  set('bx', i ?? 0, -30);
  set('bx', f ?? 0, 30);
  set('bx', g ?? 0, 30);
  set('wx', (i ?? 0) * all + symbolOf('('), 60);
  set('wx', (f ?? 0) * all + symbolOf('('), -60);
  set('wx', (f ?? 0) * all + symbolOf(')'), -60);
  return tensors;
}

/** Words of chance, in brackets now and then for some ten words. */
function bracketedText(seed: number, words = 6000): string {
  const random = randomNumbers(seed);
  let [text, left] = ['', 0];
  for (let word = 0; word < words; word++) {
    if (left > 0 && --left === 0) text = `${text.trimEnd()}) `;
    else if (left === 0 && random() < 0.04) {
      text += '(';
      left = 5 + Math.floor(random() * 12);
    }
    const length = 1 + Math.floor(random() * 7);
    text += `${Array.from({ length }, () => 'etaoinshrdlu'.charAt(Math.floor(random() * 12))).join('')} `;
  }
  return text;
}

/** The same characters in an order of chance. */
function shuffled(text: string, seed: number): string {
  const random = randomNumbers(seed);
  const characters = Array.from(text);
  for (let last = characters.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}

/** Speech between straight marks, and paragraphs. */
function spokenText(seed: number): string {
  const random = randomNumbers(seed);
  return bracketedText(seed, 3500)
    .replaceAll(/[()]/g, '"')
    .replaceAll(' ', () => (random() < 0.01 ? '\n\n' : ' '));
}

describe('the search for units', () => {
  let backend: EmbeddedBackend;
  beforeAll(async () => void (backend = await loadWasmBackend({ threads: 1 })));
  afterAll(() => backend.dispose());

  function inspect(text: InspectedSymbols, tensors: TensorMap): Inspection {
    return read(new Inspection(inspectedModelOf(backend, specFor(text), tensors), text));
  }

  it('finds a unit built to follow brackets among random ones', () => {
    const text = inspectedText(bracketedText(1));
    const found = find(inspect(text, addLatch(randomModel(specFor(text), 2), text)), brackets);
    expect(found.verdict).toBe('remembers');
    expect(found.unit).toEqual({ state: 'c', layer: 0, unit: latch });
    expect(found.isPositive).toBe(true);
    expect(found.score).toBeGreaterThan(0.999);
    expect(found.chance).toBeLessThan(0.8);
    expect(found.last?.six).toBeLessThan(0.9);
  });

  it('finds nothing where no unit follows anything, and says when a model only reacts', () => {
    const text = inspectedText(bracketedText(3));
    const inspection = inspect(text, randomModel(specFor(text), 4));
    expect(find(inspection, { kind: 'built-in', name: 'word-start' }).verdict).toBe('reacts');
    const digits = find(inspection, { kind: 'built-in', name: 'digit' });
    expect({ verdict: digits.verdict, unit: digits.unit }).toEqual({ verdict: 'too-rare', unit: null });
    expect(digits.sentence).toContain('one of them has 0 symbols with it; at least 50 are needed');
  });

  it('finds nothing in shuffled text: at most once in twenty', () => {
    const false_ = Array.from({ length: 20 }, (_, seed) => {
      const text = inspectedText(shuffled(spokenText(100 + seed), seed));
      const found = find(inspect(text, randomModel(specFor(text), 200 + seed)), quotes);
      expect(found.positives).toBeGreaterThan(1000);
      return found.verdict;
    }).filter((verdict) => verdict !== 'nothing');
    expect(false_.length).toBeLessThanOrEqual(1);
  }, 120_000);

  it('finds nothing for passages marked at random: at most once in twenty', () => {
    const text = inspectedText(spokenText(7));
    const inspection = inspect(text, randomModel(specFor(text), 8));
    const found = Array.from({ length: 20 }, (_, seed) => {
      const random = randomNumbers(300 + seed);
      const passages = Array.from({ length: 16 }, (__, index) => {
        const start = Math.floor((text.length * (index + 0.8 * random())) / 16);
        return { start, end: start + 60 + Math.floor(random() * 100) };
      });
      return find(inspection, { kind: 'passages', passages }).verdict;
    });
    expect(found.filter((verdict) => verdict !== 'nothing').length).toBeLessThanOrEqual(1);
  }, 120_000);

  it('scores on other text than it chooses on', () => {
    const text = inspectedText(bracketedText(5));
    const tensors = addLatch(randomModel(specFor(text), 6), text);
    const whole = inspect(text, tensors);
    const choosing = whole.text.pieces.filter(({ start, scoresFrom }) => scoresFrom > start);
    const scoring = whole.text.pieces.filter(({ end, scoresFrom }) => scoresFrom < end);
    expect(choosing.length).toBeGreaterThan(3);
    expect(scoring.length).toBeGreaterThan(3);
    for (const one of choosing) {
      expect(scoring.some((other) => other.start < one.end && one.start < other.end)).toBe(false);
    }
    const symbols = scoring.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(find(whole, brackets).symbols).toBe(symbols);
  });

  it('follows a pair of marks and marked passages as it does a built-in property', () => {
    const text = inspectedText(bracketedText(9));
    const inspection = inspect(text, addLatch(randomModel(specFor(text), 10), text));
    const pair = find(inspection, { kind: 'pair', open: '(', close: ')' });
    expect(pair).toMatchObject({ verdict: 'remembers', name: '( )', unit: { unit: latch } });
    const passages = [
      ...bracketedText(9)
        .slice(0, 12_000)
        .matchAll(/\([^)]*\)/g),
    ].map(({ index, 0: words }) => ({
      start: index,
      end: index + words.length - 1,
    }));
    const marked = find(inspection, { kind: 'passages', passages });
    expect(marked).toMatchObject({ verdict: 'remembers', unit: { unit: latch } });
  });
});
