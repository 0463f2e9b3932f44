import { describe, expect, it } from 'vitest';
import { isFirstAt, resultAt, rungsOf, whyStop } from '../../../src/runs/sweeps/early-stopping.ts';

const at = (loss: number | null, parts?: readonly number[]) => ({ loss, parts });

describe('early stopping', () => {
  it('has rungs at a share of a run, three and nine times it, before its end', () => {
    expect(rungsOf({ firstRung: 1 / 27 }, 2700)).toEqual([100, 300, 900]);
    expect(rungsOf({ firstRung: 0.4 }, 100)).toEqual([40]);
    expect(rungsOf({ firstRung: 0.01 }, 10)).toEqual([1, 3, 9]);
  });

  it('takes the first evaluation at a rung or after', () => {
    const evaluations = [50, 100, 150].map((iteration) => ({ iteration, validationLoss: iteration / 100 }));
    expect(resultAt(evaluations, 60)).toEqual({ loss: 1, parts: undefined });
    expect(resultAt(evaluations, 151)).toBeUndefined();
    expect(isFirstAt(evaluations, 100, 60)).toBe(true);
    expect(isFirstAt(evaluations, 150, 60)).toBe(false);
  });

  it('lets all runs continue while there are fewer than three', () => {
    expect(whyStop(at(9), [at(1)], 0.1)).toBeNull();
  });

  it('lets the best third continue and gives a reason for the others', () => {
    const others = [1, 2, 3, 4, 5].map((loss) => at(loss));
    expect(whyStop(at(0.5), others, 0.1)).toBeNull();
    expect(whyStop(at(1.5), others, 0.1)).toBeNull();
    expect(whyStop(at(2.5), others, 0.1)).toBe(
      'After 10 % of its iterations its validation loss was 2.5000; the best third of the 6 runs that had come so far was at 2.0000 or lower.',
    );
    expect(whyStop(at(null), others, 0.1)).not.toBeNull();
  });

  it('lets a run continue whose loss is above the third’s only by chance', () => {
    const best = [1, 1.2, 0.9, 1.1, 1.3, 0.8];
    const near = best.map((part, place) => part + (place % 2 === 0 ? 0.2 : -0.1));
    expect(whyStop(at(1.1, near), [at(1.05, best), at(3)], 0.3)).toBeNull();
    // Each part is higher by the same: that is no chance.
    const above = best.map((part) => part + 0.1);
    expect(whyStop(at(1.15, above), [at(1.05, best), at(3)], 0.3)).not.toBeNull();
  });
});
