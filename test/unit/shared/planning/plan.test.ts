import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixShape } from '../../../../src/shared/planning/fix.ts';
import { planChunks, requireStartable } from '../../../../src/shared/planning/plan.ts';
import type { ChunkPlan, PlanWarningCode } from '../../../../src/shared/planning/plan-types.ts';
import { planInput } from '../../../support/plan-input.ts';

const codes = (plan: ChunkPlan): PlanWarningCode[] => plan.warnings.map(({ code }) => code);
const tinyshakespeare = 1_115_394;

describe("char-rnn's chunk counts, to the unit", () => {
  test.each([
    [50, 50, 0.95, 0.05, 446, 423, 23, 0, 394, 21_150],
    [100, 50, 0.95, 0.05, 223, 211, 12, 0, 394, 10_550],
    [50, 50, 0.9, 0.05, 446, 401, 22, 23, 394, 20_050],
    [50, 50, 0.8, 0.1, 446, 356, 44, 46, 394, 17_800],
    [20, 20, 0.95, 0.05, 2788, 2648, 140, 0, 194, 132_400],
    [10, 25, 0.9, 0.05, 4461, 4014, 223, 224, 144, 200_700],
  ])(
    'tinyshakespeare, B %i, S %i, %f/%f',
    (batchSize, sequenceLength, trainFraction, validationFraction, ...expected) => {
      const plan = planChunks(
        planInput(tinyshakespeare, { batchSize, sequenceLength, trainFraction, validationFraction }),
      );
      const { total, train, validation, test: rest } = plan.chunks;
      expect([total, train, validation, rest, plan.dropped, plan.iterations]).toEqual(expected);
    },
  );

  test.each([
    [0, 0, 0, 0, 0],
    [2499, 0, 0, 0, 2499],
    [2500, 1, 0, 1, 0],
    [4999, 1, 0, 1, 2499],
    [5000, 2, 1, 1, 0],
    [124_999, 49, 46, 3, 2499],
    [125_000, 50, 47, 3, 0],
  ])('N = %i gives %i chunks', (characters, total, train, validation, dropped) => {
    const plan = planChunks(planInput(characters));
    expect(plan.chunks).toEqual({ total, train, validation, test: 0 });
    expect(plan.dropped).toBe(dropped);
  });

  test.each([
    [100, 0.29, 28],
    [100, 0.57, 56],
    [100, 0.58, 57],
    [200, 0.29, 57],
    [200, 0.57, 113],
    [200, 0.58, 115],
    [100, 0.3, 30],
  ])('floors are of doubles: %i chunks * %f trains on %i', (total, trainFraction, train) => {
    const plan = planChunks(planInput(total * 2500, { trainFraction, validationFraction: 0.1 }));
    expect(plan.chunks.train).toBe(train);
  });

  test('fractions that sum to more than one leave validation the rest', () => {
    const plan = planChunks(planInput(250_000, { trainFraction: 0.9, validationFraction: 0.5 }));
    expect(plan.chunks).toEqual({ total: 100, train: 90, validation: 10, test: 0 });
    expect(codes(plan)).toEqual(['unused-share', 'few-chunks']);
    expect(plan.warnings[0]?.message).toContain('uses the remaining 10 %, not 50 %');
    expect(plan.warnings[0]?.fix).toEqual({ trainFraction: 0.9, validationFraction: 0.1 });
  });

  test('a validation share that is too small is raised, and the batches stay', () => {
    const plan = planChunks(planInput(500_000, { trainFraction: 0.95, validationFraction: 0.001 }));
    expect(plan.warnings[0]).toMatchObject({
      code: 'no-validation-chunk',
      fix: { trainFraction: 0.95, validationFraction: 0.05 },
    });
  });

  test('all two-decimal pairs that sum to one leave no test split', () => {
    for (let hundredths = 0; hundredths <= 100; hundredths += 1) {
      const fractions = {
        trainFraction: hundredths / 100,
        validationFraction: (100 - hundredths) / 100,
      };
      expect(planChunks(planInput(1_000_000, fractions)).chunks.test).toBe(0);
    }
  });

  test('a limit on iterations ends the run earlier, never later', () => {
    expect(planChunks(planInput(tinyshakespeare, { maxIterations: 1000 })).iterations).toBe(1000);
    expect(planChunks(planInput(tinyshakespeare, { maxIterations: 99_999 })).iterations).toBe(21_150);
  });
});

describe('warnings', () => {
  test.each<[number, PlanWarningCode[]]>([
    [0, ['no-chunks']],
    [2499, ['no-chunks']],
    [2500, ['no-training-chunk']],
    [5000, ['very-few-chunks', 'thin-validation']],
    [124_999, ['very-few-chunks', 'thin-validation']],
    [125_000, ['few-chunks', 'thin-validation']],
    [250_000, ['few-chunks']],
    [372_500, ['few-chunks']],
    [375_000, []],
    [tinyshakespeare, []],
  ])('N = %i', (characters, expected) => {
    expect(codes(planChunks(planInput(characters)))).toEqual(expected);
  });

  test('a blocking one names B and S that work', () => {
    const [warning] = planChunks(planInput(2000)).warnings;
    expect(warning).toEqual({
      code: 'no-chunks',
      blocking: true,
      message:
        'The text has 2,000 symbols, but one chunk at batch size 50 and sequence length 50 needs 2,500. Batch size 2 and sequence length 20 would work: 50 chunks, 3 of them for validation.',
      fix: { batchSize: 2, sequenceLength: 20 },
    });
  });

  test('an empty validation text (1 and 0) blocks, and other fractions are proposed', () => {
    const plan = planChunks(planInput(tinyshakespeare, { trainFraction: 1, validationFraction: 0 }));
    expect(codes(plan)).toEqual(['no-validation-chunk']);
    expect(plan.warnings[0]?.fix).toEqual({ trainFraction: 0.95, validationFraction: 0.05 });
  });

  test('percentages are understood', () => {
    const plan = planChunks(planInput(tinyshakespeare, { trainFraction: 90, validationFraction: 5 }));
    expect(codes(plan).slice(0, 2)).toEqual(['bad-fraction', 'bad-fraction']);
    expect(plan.warnings[0]?.fix).toEqual({ trainFraction: 0.9, validationFraction: 0.05 });
  });

  test.each([-0.1, 1.01, Number.NaN, Infinity, 1e9])('a fraction of %f blocks', (trainFraction) => {
    const plan = planChunks(planInput(tinyshakespeare, { trainFraction }));
    expect(plan.warnings[0]).toMatchObject({ code: 'bad-fraction', blocking: true });
    expect(plan.warnings[0]?.fix).toEqual({ trainFraction: 0.95, validationFraction: 0.05 });
  });

  test('an empty text has no fix', () => {
    expect(planChunks(planInput(0)).warnings[0]?.fix).toBeNull();
    expect(planChunks(planInput(1)).warnings[0]?.fix).toBeNull();
    expect(planChunks(planInput(2)).warnings[0]?.fix).toEqual({ batchSize: 1, sequenceLength: 1 });
  });

  test('a run that cannot start says so', () => {
    expect(() => requireStartable(planChunks(planInput(2000)))).toThrow(/Batch size 2/);
    expect(() => requireStartable(planChunks(planInput(5000)))).not.toThrow();
  });

  test('sizes that are no whole numbers are refused', () => {
    expect(() => planChunks(planInput(-1))).toThrow(/characters/);
    expect(() => planChunks(planInput(100, { batchSize: 0 }))).toThrow(/batchSize/);
    expect(() => planChunks(planInput(100, { sequenceLength: 2.5 }))).toThrow(/sequenceLength/);
  });
});

const fraction = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const anyInput = fc
  .record({
    characters: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 2 ** 45 })),
    batchSize: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 65_536 })),
    sequenceLength: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 65_536 })),
    trainFraction: fraction,
    validationFraction: fraction,
  })
  .map(({ characters, ...rest }) => planInput(characters, rest));

describe('for any text and settings', () => {
  test('counts add up and are never negative', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { chunks, dropped, iterations } = planChunks(input);
        const area = input.batchSize * input.sequenceLength;
        expect(chunks.train + chunks.validation + chunks.test).toBe(chunks.total);
        expect(chunks.total * area + dropped).toBe(input.characters);
        const smallest = Math.min(chunks.train, chunks.validation, chunks.test, dropped, iterations);
        expect(smallest).toBeGreaterThanOrEqual(0);
        expect(dropped).toBeLessThan(area);
      }),
    );
  });

  test('a proposed fix resolves its warning, and never asks for more than was chosen', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const { code, fix } of planChunks(input).warnings) {
          if (!fix) continue;
          const fixed = planChunks({ ...input, ...fix });
          expect(fixed.input.batchSize).toBeLessThanOrEqual(input.batchSize);
          expect(fixed.input.sequenceLength).toBeLessThanOrEqual(input.sequenceLength);
          expect(fixed.warnings.filter(({ blocking }) => blocking)).toEqual([]);
          // Lessened, and cured where a fifth of the text is enough.
          if (code !== 'thin-validation') expect(codes(fixed)).not.toContain(code);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('after a fix was applied, nothing is proposed for the same warning', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const { code, fix } of planChunks(input).warnings) {
          if (!fix || code === 'thin-validation') continue;
          const again = planChunks({ ...input, ...fix }).warnings.find((warning) => warning.code === code);
          expect(again).toBeUndefined();
        }
        const shape = fixShape(input, 50);
        if (shape !== null) expect(fixShape({ ...input, ...shape }, 50)).toEqual(shape);
      }),
      { numRuns: 1000 },
    );
  });

  test('for any numbers, a proposal has sequences to train on and two chunks to validate on', () => {
    const absurd = fc.record({
      characters: fc.integer({ min: 800, max: 2 ** 32 }),
      batchSize: fc.constantFrom(1, 2, 50, 3000, 65_536),
      sequenceLength: fc.constantFrom(1, 2, 25, 50, 3000, 65_536),
    });
    fc.assert(
      fc.property(absurd, ({ characters, ...shape }) => {
        const plan = planChunks(planInput(characters, shape));
        const fix = plan.warnings.find(({ code }) => code !== 'thin-validation')?.fix;
        if (!fix) return;
        const { input, chunks } = planChunks({ ...plan.input, ...fix });
        expect(input.sequenceLength).toBeGreaterThanOrEqual(Math.min(16, shape.sequenceLength));
        expect(chunks.validation).toBeGreaterThanOrEqual(2);
        expect(chunks.total).toBeGreaterThanOrEqual(50);
      }),
      { numRuns: 1000 },
    );
  });

  test('a batch size far beyond the text is lowered, and the sequences are not reduced to nothing', () => {
    const fixes = [25, 50, 65_536].map(
      (sequenceLength) =>
        planChunks(planInput(144_300, { batchSize: 65_536, sequenceLength })).warnings[0]?.fix,
    );
    for (const fix of fixes) {
      expect(fix?.batchSize).toBeLessThanOrEqual(181);
      expect(fix?.sequenceLength).toBeGreaterThanOrEqual(16);
    }
  });

  test('no fix is proposed only where no B and S gives both splits a chunk', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const { blocking, fix } of planChunks(input).warnings) {
          if (!blocking || fix) continue;
          const smallest = planChunks({ ...input, batchSize: 1, sequenceLength: 1 });
          expect(smallest.warnings.some((warning) => warning.blocking)).toBe(true);
        }
      }),
    );
  });

  test('a thin validation split is made larger, and large enough where a fifth of the text is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5000, max: 300_000 }), (characters) => {
        const plan = planChunks(planInput(characters));
        const fix = plan.warnings.find(({ code }) => code === 'thin-validation')?.fix;
        if (!fix) return;
        const { chunks } = planChunks({ ...plan.input, ...fix });
        expect(chunks.validation).toBeGreaterThan(plan.chunks.validation);
        if (plan.chunks.total >= 25) expect(chunks.validation * 2500).toBeGreaterThanOrEqual(10_000);
      }),
    );
  });
});
