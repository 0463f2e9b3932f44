import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WatchItem } from '../../../src/shared/domain/run.ts';
import { ItemDeduplicator } from '../../../src/workbench/runs/item-deduplicator.ts';

function steps(...iteration: readonly number[]): WatchItem {
  const zero = iteration.map(() => 0);
  return {
    kind: 'steps',
    steps: {
      iteration,
      epoch: zero,
      loss: iteration,
      learningRate: zero,
      gradientNorm: zero,
      parameterNorm: zero,
      milliseconds: zero,
    },
  };
}

const evaluation = (iteration: number): WatchItem => ({
  kind: 'evaluation',
  iteration,
  epoch: 0,
  validationLoss: iteration,
});
const rollback = (iteration: number): WatchItem => ({ kind: 'rollback', iteration });

/** What a page makes of items: its steps and evaluations in the end. */
function pageOf(items: readonly WatchItem[]): { readonly steps: number[]; readonly evaluations: number[] } {
  const page = { steps: [] as number[], evaluations: [] as number[] };
  for (const item of items) {
    if (item.kind === 'steps') page.steps.push(...item.steps.iteration);
    if (item.kind === 'evaluation') page.evaluations.push(item.iteration);
    if (item.kind === 'rollback') {
      page.steps = page.steps.filter((i) => i <= item.iteration);
      page.evaluations = page.evaluations.filter((i) => i <= item.iteration);
    }
  }
  return page;
}

function told(items: readonly WatchItem[]): readonly WatchItem[] {
  const before = new ItemDeduplicator();
  return items.map((item) => before.filterNew(item)).filter((item) => item !== undefined);
}

/** A run of some steps: evaluated after every fourth, gone back after some of them. */
const courses = fc
  .array(fc.oneof({ weight: 12, arbitrary: fc.constant('step') }, fc.constant('back')), {
    minLength: 1,
    maxLength: 60,
  })
  .map((happenings) => {
    const items: WatchItem[] = [];
    let iteration = 0;
    for (const what of happenings) {
      if (what === 'back') items.push(rollback((iteration = Math.floor(iteration / 8) * 4)));
      else {
        items.push(steps(++iteration));
        if (iteration % 4 === 0) items.push(evaluation(iteration));
      }
    }
    return items;
  });

describe('items that are delivered twice', () => {
  test('are passed on once, whatever files and process repeat', () => {
    fc.assert(
      fc.property(courses, fc.nat(), fc.nat(), (course, a, b) => {
        // The files contain everything up to `known`; the process's last items start somewhere before that.
        const known = a % (course.length + 1);
        const recent = known === 0 ? 0 : b % (known + 1);
        const heard = told([...course.slice(0, known), ...course.slice(recent)]);
        expect(pageOf(heard)).toEqual(pageOf(course));
      }),
    );
  });

  test('pass on the new part of a batch', () => {
    expect(told([steps(1, 2, 3), steps(2, 3, 4, 5), steps(4, 5)])).toEqual([steps(1, 2, 3), steps(4, 5)]);
  });

  test('include an evaluation of the last known step', () => {
    expect(told([steps(1, 2), evaluation(2), evaluation(2)])).toEqual([steps(1, 2), evaluation(2)]);
  });
});
