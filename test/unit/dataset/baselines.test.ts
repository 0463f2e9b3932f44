import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunksOf, createBatch, readChunk, splitAt } from '../../../src/engine/dataset/batches.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import type { ChunkPlan } from '../../../src/shared/planning/plan-types.ts';
import { BaselineCounter, measureBaselines } from '../../../src/engine/dataset/baselines/baselines.ts';
import { SparseCounts } from '../../../src/engine/dataset/baselines/ngram-counts.ts';
import { planInput } from '../../support/plan-input.ts';

/** The definition, word for word: walks the batches of a split, asks for contexts in the ring of the kept text, counts with a Map. */
function bruteForce(symbols: Uint16Array, plan: ChunkPlan, size: number): number[] {
  const kept = plan.input.characters - plan.dropped;
  const positions = Array.from({ length: kept }, (_, position) => position);
  const triple = (position: number) => [
    symbols[(position + kept - 1) % kept],
    symbols[position],
    symbols[(position + 1) % kept],
  ];
  const counts = new Map<string, number>();
  const bump = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const position of positions.filter((place) => splitAt(plan, place) === 'train')) {
    const [a, b, c] = triple(position);
    for (const key of ['', `>${c}`, `${b}`, `${b}>${c}`, `${a},${b}`, `${a},${b}>${c}`]) bump(key);
  }
  const get = (key: string) => counts.get(key) ?? 0;
  const scores = positions
    .filter((place) => splitAt(plan, place) === 'validation')
    .map((position) => {
      const [a, b, c] = triple(position);
      const p1 = (get(`>${c}`) + 2 / size) / (get('') + 2);
      const p2 = (get(`${b}>${c}`) + 2 * p1) / (get(`${b}`) + 2);
      const p3 = (get(`${a},${b}>${c}`) + 2 * p2) / (get(`${a},${b}`) + 2);
      return [p1, p2, p3].map((p) => -Math.log(p));
    });
  return [0, 1, 2].map(
    (order) => scores.reduce((sum, score) => sum + (score[order] ?? 0), 0) / scores.length,
  );
}

const text = (size: number, length: number) =>
  fc
    .array(fc.integer({ min: 0, max: size - 1 }), { minLength: length, maxLength: length * 3 })
    .map((symbols) => Uint16Array.from(symbols));

describe('baselines', () => {
  test.each([
    ['a plain table', 7],
    ['a hash table', 300],
  ])('equal their definition, in any pieces (%s)', (_, size) => {
    fc.assert(
      fc.property(text(size, 40), fc.integer({ min: 1, max: 50 }), (symbols, piece) => {
        const plan = planChunks(
          planInput(symbols.length, {
            batchSize: 3,
            sequenceLength: 2,
            trainFraction: 0.6,
            validationFraction: 0.2,
          }),
        );
        const counter = new BaselineCounter(plan, size);
        for (let at = 0; at < symbols.length; at += piece) {
          const part = symbols.slice(at, at + piece);
          counter.add(part, part.length);
        }
        const { uniform, unigram, bigram, trigram } = counter.finish();
        expect(uniform).toBe(Math.log(size));
        bruteForce(symbols, plan, size).forEach((expected, order) => {
          expect([unigram, bigram, trigram][order]).toBeCloseTo(expected, 10);
        });
        expect(measureBaselines(symbols, plan, size).trigram).toBeCloseTo(trigram ?? 0, 12);
      }),
    );
  });

  test('are counted on the very targets that training and evaluation see', () => {
    const symbols = Uint16Array.from({ length: 600 }, (_, index) => (index * index) % 11);
    const plan = planChunks(planInput(600, { batchSize: 4, sequenceLength: 5 }));
    const batch = createBatch(plan);
    const targets = new Float64Array(11);
    let total = 0;
    const visit = (split: 'train' | 'validation', use: (symbol: number) => void) => {
      const { start, end } = chunksOf(plan, split);
      for (let chunk = start; chunk < end; chunk += 1) {
        readChunk({ symbols }, plan, chunk, batch);
        batch.y.forEach(use);
      }
    };
    visit('train', (symbol) => {
      targets[symbol] = (targets[symbol] ?? 0) + 1;
      total += 1;
    });
    const losses: number[] = [];
    visit('validation', (symbol) => losses.push(-Math.log(((targets[symbol] ?? 0) + 2 / 11) / (total + 2))));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(measureBaselines(symbols, plan, 11).unigram).toBeCloseTo(mean, 12);
  });

  test('without both splits there is nothing to measure', () => {
    const plan = planChunks(planInput(2600));
    expect(measureBaselines(new Uint8Array(2600), plan, 2)).toEqual({
      uniform: Math.log(2),
      unigram: null,
      bigram: null,
      trigram: null,
      isEstimate: false,
    });
  });

  test('a full table keeps whole contexts, so that what is left is exact', () => {
    const counts = new SparseCounts(1000, 2000);
    for (let step = 0; step < 100_000; step += 1) {
      counts.add(step % 1000, (step >> 5) % 997, step % 4, step % 10 !== 0);
    }
    expect(counts.isSampled).toBe(true);
    const exact = new SparseCounts(1000);
    for (let step = 0; step < 100_000; step += 1) {
      exact.add(step % 1000, (step >> 5) % 997, step % 4, step % 10 !== 0);
    }
    const all = new Map<string, string>();
    exact.forEach((a, b, c, train, validation) => all.set(`${a},${b},${c}`, `${train}/${validation}`));
    let kept = 0;
    counts.forEach((a, b, c, train, validation) => {
      kept += 1;
      expect(`${train}/${validation}`).toBe(all.get(`${a},${b},${c}`));
    });
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(2000);
  });
});
