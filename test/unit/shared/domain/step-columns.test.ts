import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runEventSchema, type StepEvent } from '../../../../src/shared/domain/run-event.ts';
import {
  columnsOf,
  stepColumnsSchema,
  stepsAfter,
  stepsOf,
} from '../../../../src/shared/domain/step-columns.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const measure = fc.option(number, { nil: null });
const steps: fc.Arbitrary<readonly StepEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constant('step'),
      epoch: number,
      loss: measure,
      learningRate: number,
      gradientNorm: measure,
      parameterNorm: measure,
      milliseconds: number,
    }),
    { maxLength: 20 },
  )
  .map((drawn) => drawn.map((step, index) => ({ ...step, iteration: index + 1 })));

test('steps packed into columns are unpacked unchanged', () => {
  fc.assert(
    fc.property(steps, (some) => {
      const columns = stepColumnsSchema.parse(columnsOf(some));
      expect(stepsOf(columns)).toEqual(some);
      for (const step of stepsOf(columns)) expect(runEventSchema.parse(step)).toEqual(step);
    }),
  );
});

test('the steps after an iteration are those, in every column', () => {
  fc.assert(
    fc.property(steps, fc.nat(22), (some, iteration) => {
      const later = some.filter((step) => step.iteration > iteration);
      expect(stepsOf(stepsAfter(columnsOf(some), iteration))).toEqual(later);
    }),
  );
});
