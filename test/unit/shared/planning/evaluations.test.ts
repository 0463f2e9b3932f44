import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluationsLeft } from '../../../../src/shared/planning/evaluations.ts';

test('the number of remaining evaluations equals that of a simulated run', () => {
  const course = fc.record({
    iteration: fc.nat(300),
    iterations: fc.nat(300),
    evaluateEvery: fc.integer({ min: 1, max: 400 }),
  });
  fc.assert(
    fc.property(course, ({ iteration, iterations, evaluateEvery }) => {
      let met = 0;
      for (let i = iteration + 1; i <= iterations; i++) {
        if (i % evaluateEvery === 0 || i === iterations) met += 1;
      }
      expect(evaluationsLeft({ iteration, iterations, evaluateEvery })).toBe(met);
    }),
  );
});

test('of a run of 45 iterations that is measured after every 7th', () => {
  const left = (iteration: number): number =>
    evaluationsLeft({ iteration, iterations: 45, evaluateEvery: 7 });
  expect([left(0), left(6), left(7), left(42), left(44), left(45)]).toEqual([7, 7, 6, 1, 1, 0]);
});
