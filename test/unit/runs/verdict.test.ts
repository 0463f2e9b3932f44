import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunHistory } from '../../../src/runs/history.ts';
import { judgeRun } from '../../../src/runs/verdict.ts';

type Curve = (iteration: number) => number;

/** A run of 100 iterations per epoch, measured every 100, whose losses follow two curves. */
function run(iterations: number, train: Curve, validation: Curve): RunHistory {
  const steps = Array.from({ length: iterations }, (_, index) => {
    const iteration = index + 1;
    return {
      kind: 'step' as const,
      iteration,
      epoch: iteration / 100,
      loss: train(iteration),
      learningRate: 0.002,
      gradientNorm: 1,
      parameterNorm: 20,
      milliseconds: 25,
    };
  });
  const evaluations = steps
    .filter(({ iteration }) => iteration % 100 === 0)
    .map(({ iteration, epoch }) => ({
      kind: 'evaluation' as const,
      iteration,
      epoch,
      validationLoss: validation(iteration),
    }));
  return { steps, evaluations, explosions: [] };
}

const falling: Curve = (iteration) => 1.2 + 3 * Math.exp(-iteration / 500);
/** Lowest at iteration 600. */
const valley: Curve = (iteration) => 1.6 + (Math.abs(iteration - 600) / 1000) ** 2;

describe('what became of a run', () => {
  test.each([
    ['nothing yet', run(0, falling, falling), 'too-short'],
    ['one measurement', run(199, falling, falling), 'too-short'],
    ['both losses fall', run(1000, falling, falling), 'learning'],
    ['one bad measurement is chance', run(700, falling, valley), 'learning'],
    ['validation turns while training falls', run(1200, falling, valley), 'overfitting'],
    ['both rise together: not learned by heart', run(1200, (i) => valley(i) - 0.1, valley), 'plateau'],
    [
      'nothing moves',
      run(
        1000,
        () => 1.5,
        () => 1.52,
      ),
      'plateau',
    ],
    ['the training loss runs away', run(1000, (i) => (i < 500 ? 1.5 : i / 200), falling), 'exploding'],
  ] as const)('%s', (_, history, kind) => expect(judgeRun(history).kind).toBe(kind));

  test('overfitting names the epoch to go back to and both losses', () => {
    const verdict = judgeRun(run(1200, falling, valley));
    expect(verdict.since).toBe(6);
    expect(verdict.sentence).toContain('Overfitting since epoch 6.00');
    expect(verdict.sentence).toContain('1.6000');
    expect(verdict.advice).toContain('Use the checkpoint of epoch 6.00');
  });

  test('a plateau with both losses alike asks for a larger model, one with a gap for something else', () => {
    expect(
      judgeRun(
        run(
          1000,
          () => 1.5,
          () => 1.52,
        ),
      ).advice,
    ).toContain('larger model');
    expect(
      judgeRun(
        run(
          1000,
          () => 1.0,
          () => 1.52,
        ),
      ).advice,
    ).not.toContain('larger model');
  });

  describe('with the spread of the validation split known', () => {
    /** Every evaluation told in eight parts around its loss, each of them off by its own share of `noise`. */
    const inParts = (history: RunHistory, noise: number): RunHistory => ({
      ...history,
      evaluations: history.evaluations.map((point, index) => {
        const offsets = Array.from({ length: 8 }, (_, part) => noise * Math.sin(index * 7.3 + part * 2.1));
        const middle = offsets.reduce((sum, offset) => sum + offset, 0) / 8;
        return { ...point, parts: offsets.map((offset) => (point.validationLoss ?? 0) + offset - middle) };
      }),
    });
    const rising = run(1200, falling, (i) => 1.6 + 0.05 * (Math.abs(i - 600) / 600) ** 2);

    test('a rise in every part of the split is overfitting, the same rise in the noise is not', () => {
      expect(judgeRun(rising).kind).toBe('overfitting');
      expect(judgeRun(inParts(rising, 0.01)).kind).toBe('overfitting');
      expect(judgeRun(inParts(rising, 0.5)).kind).not.toBe('overfitting');
    });

    test('a fall within chance is said to be one, and is no progress in the long run', () => {
      const slow = run(2000, falling, (i) => 1.6 - i / 40_000);
      expect(judgeRun(inParts(slow, 0.0005)).kind).toBe('learning');
      expect(judgeRun(inParts(slow, 0.0005)).sentence).not.toContain('chance');
      const noisy = judgeRun(inParts(slow, 0.5));
      expect(noisy.kind).toBe('plateau');
      expect(noisy.sentence).toBe(
        'At a plateau: the last 5 measurements brought the validation loss to 1.5500, by little, within chance.',
      );
      const early = judgeRun(
        inParts(
          run(900, falling, (i) => 1.6 - i / 40_000),
          0.5,
        ),
      );
      expect(early.kind).toBe('learning');
      expect(early.sentence).toMatch(/between the last two measurements, by little, within chance\.$/);
    });

    test('a last loss above the lowest by chance is not called worse', () => {
      const { sentence } = judgeRun(inParts(run(700, falling, valley), 0.5));
      expect(sentence).toContain('above its lowest of 1.6000 (epoch 6.00) by little, within chance.');
    });
  });

  test('the rest at the frequencies of letters, early in a run, is no plateau', () => {
    expect(
      judgeRun(
        run(
          800,
          () => 3.1,
          () => 3.1,
        ),
      ).kind,
    ).toBe('learning');
  });

  test('an explosion that stopped the run, and one it went back before', () => {
    const explosion = { kind: 'explosion', iteration: 301, loss: 40 } as const;
    const before = run(300, falling, falling);
    const stopped = { ...before, explosions: [{ ...explosion, action: 'stop' } as const] };
    expect(judgeRun(stopped)).toMatchObject({ kind: 'exploded', since: null });
    const recovering = { ...before, explosions: [{ ...explosion, action: 'recover' } as const] };
    expect(judgeRun(recovering).kind).toBe('exploding');
    const recovered = { ...run(1000, falling, falling), explosions: recovering.explosions };
    expect(judgeRun(recovered).kind).toBe('learning');
  });

  test('losses that were no numbers are passed over, whatever the rest', () => {
    const loss = fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 40 }), (losses) => {
        const points = losses.map((value, index) => ({
          kind: 'evaluation' as const,
          iteration: index + 1,
          epoch: index / 4,
          validationLoss: value,
        }));
        const verdict = judgeRun({ steps: [], evaluations: points, explosions: [] });
        expect(verdict.sentence).not.toMatch(/NaN|not a number|Infinity|infinite|undefined|null/);
        // Without training losses nobody can tell overfitting from a plateau.
        expect(verdict.kind).not.toBe('overfitting');
        if (points.filter(({ validationLoss }) => validationLoss !== null).length < 2)
          expect(verdict.kind).toBe('too-short');
      }),
    );
  });
});
