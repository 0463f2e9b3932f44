import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/shared/domain/checkpoint.ts';
import { describeBest } from '../../../src/renderer/views/checkpoints/best-sentence.ts';
import { curveScale, mergeMeasurements } from '../../../src/renderer/views/checkpoints/curve.ts';
import { bestFirst, pressed, sortCheckpoints } from '../../../src/renderer/views/checkpoints/sorting.ts';

function checkpoint(
  iteration: number,
  validationLoss: number | null,
  more: Partial<Checkpoint> = {},
): Checkpoint {
  return {
    file: `lm_${iteration}.safetensors`,
    iteration,
    epoch: iteration / 100,
    trainLoss: 1,
    validationLoss,
    learningRate: 0.002,
    bytes: 1000 + iteration,
    modified: new Date(1_700_000_000_000 + iteration * 1000).toISOString(),
    best: false,
    last: false,
    star: false,
    note: '',
    problem: null,
    ...more,
  };
}

function run(losses: readonly number[]): readonly Checkpoint[] {
  const lowest = Math.min(...losses);
  return losses.map((loss, index) =>
    checkpoint((index + 1) * 100, loss, {
      best: index === losses.indexOf(lowest),
      last: index === losses.length - 1,
    }),
  );
}

const names = (list: readonly Checkpoint[]): readonly number[] => list.map(({ iteration }) => iteration);

describe('sorting checkpoints', () => {
  it('puts the one to use first, those without a loss after the rest and damaged ones last, in both directions', () => {
    const list = [
      checkpoint(1, null),
      checkpoint(2, 1.4),
      checkpoint(3, 9, { problem: 'It is cut off.' }),
      checkpoint(4, 1.2),
      checkpoint(5, 1.4),
    ];
    expect(names(sortCheckpoints(list, bestFirst))).toEqual([4, 2, 5, 1, 3]);
    expect(names(sortCheckpoints(list, pressed(bestFirst, 'validationLoss')))).toEqual([2, 5, 4, 1, 3]);
  });

  it('loses and repeats nothing, for every column', () => {
    const losses = fc.array(fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: null }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        losses,
        fc.constantFrom('epoch', 'validationLoss', 'bytes', 'modified' as const),
        (all, key) => {
          const list = all.map((loss, index) => checkpoint(index, loss));
          const sorted = sortCheckpoints(list, { key, direction: 'descending' });
          expect(names(sorted).toSorted((a, b) => a - b)).toEqual(names(list));
        },
      ),
    );
  });

  it('reverses on a second press, and sorts ages from the newest', () => {
    expect(pressed(bestFirst, 'modified')).toEqual({ key: 'modified', direction: 'descending' });
    expect(pressed(pressed(bestFirst, 'epoch'), 'epoch')).toEqual({ key: 'epoch', direction: 'descending' });
  });
});

describe('the sentence about the best', () => {
  it('warns when the loss rose since, and names the epoch', () => {
    const said = describeBest(run([2, 1.6, 1.4, 1.45, 1.5, 1.6]));
    expect(said?.level).toBe('warning');
    expect(said?.sentence).toContain('epoch 3.00');
    expect(said?.sentence).toContain('1.4000');
    expect(said?.sentence).toContain('overfitting');
    expect(said?.sentence).toContain('The 3 later checkpoints are worse');
  });

  it('does not warn about one worse measurement or a rise within chance', () => {
    for (const losses of [
      [2, 1.6, 1.4, 1.5],
      [2, 1.6, 1.4, 1.401, 1.402],
    ]) {
      const said = describeBest(run(losses));
      expect(said?.level).toBe('note');
      expect(said?.sentence).not.toContain('overfitting');
      expect(said?.sentence).toContain('worse, which may be chance.');
    }
  });

  it('says that the best is the last, or that there is none', () => {
    const [first, last] = [checkpoint(1, 2), checkpoint(2, 1, { best: true })];
    expect(describeBest(run([2, 1.6, 1.4]))).toMatchObject({ level: 'good' });
    expect(describeBest([first, last])?.sentence).toContain('still improving');
    expect(describeBest([first, { ...last, learningRate: 0 }])?.sentence).toContain('the run is complete');
    expect(describeBest([])).toBeNull();
    expect(describeBest([checkpoint(1, null)])?.sentence).toContain('No validation loss');
    expect(describeBest([checkpoint(1, 2, { problem: 'cut off' })])).toBeNull();
  });
});

describe('the curve', () => {
  const frame = { width: 600, height: 160, left: 40, right: 10, top: 10, bottom: 20 };

  it('keeps every point inside its frame, lower losses lower', () => {
    const point = fc.record({
      iteration: fc.nat(100_000),
      loss: fc.double({ min: 0, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 50 }), (points) => {
        const scale = curveScale(points, frame);
        for (const { iteration, loss } of points) {
          expect(scale.x(iteration)).toBeGreaterThanOrEqual(40);
          expect(scale.x(iteration)).toBeLessThanOrEqual(590.001);
          if (scale.isAbove(loss)) expect(scale.y(loss)).toBeLessThan(10);
          else expect(scale.y(loss)).toBeGreaterThanOrEqual(9.999);
          expect(scale.y(loss)).toBeLessThanOrEqual(140.001);
          expect(curveScale(points, frame, 'whole').y(loss)).toBeGreaterThanOrEqual(9.999);
        }
        const [lowest] = points.toSorted((a, b) => a.loss - b.loss);
        expect(scale.y(lowest?.loss ?? 0)).toBeCloseTo(140);
      }),
    );
  });

  it('fits the scale to the lowest losses, not the first ones', () => {
    const points = Array.from({ length: 40 }, (_, i) => ({ iteration: i, loss: i < 2 ? 4 : 1.4 + i / 1000 }));
    const valley = curveScale(points, frame);
    expect(valley.losses[1]).toBeLessThan(1.5);
    expect(points.filter(({ loss }) => valley.isAbove(loss)).map(({ iteration }) => iteration)).toEqual([
      0, 1, 39,
    ]);
    const whole = curveScale(points, frame, 'whole');
    expect(whole.losses[1]).toBe(4);
    expect(points.some(({ loss }) => whole.isAbove(loss))).toBe(false);
  });

  it('takes measurements from both sources once', () => {
    const merged = mergeMeasurements(
      [
        { iteration: 300, loss: 1 },
        { iteration: 100, loss: 2 },
      ],
      [{ iteration: 300, loss: 1 }],
    );
    expect(merged.map(({ iteration }) => iteration)).toEqual([100, 300]);
  });
});
