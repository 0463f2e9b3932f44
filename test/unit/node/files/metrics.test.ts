import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asKept, decodeMetric, encodeMetric } from '../../../../src/node/files/metrics.ts';
import { runEventSchema, type MetricEvent } from '../../../../src/shared/domain/run-event.ts';

const step: MetricEvent = {
  kind: 'step',
  iteration: 3,
  epoch: 0.3,
  loss: null,
  learningRate: 0.002,
  gradientNorm: 1.5,
  parameterNorm: 20,
  milliseconds: 12.34567,
};

describe('a line of metrics.jsonl', () => {
  test('has the names and the order of the format', () => {
    expect(encodeMetric(step)).toBe(
      '{"event":"step","i":3,"epoch":0.3,"loss":null,"rate":0.002,"gradient_norm":1.5,"parameter_norm":20,"ms":12.346}',
    );
    const evaluation = { kind: 'evaluation', iteration: 3, epoch: 0.3, validationLoss: 2.5 } as const;
    expect(encodeMetric({ ...evaluation, parts: [2.4000004, 2.6] })).toBe(
      '{"event":"eval","i":3,"epoch":0.3,"val_loss":2.5,"val_parts":[2.4,2.6]}',
    );
    expect(encodeMetric({ kind: 'explosion', iteration: 4, loss: null, action: 'recover' })).toBe(
      '{"event":"explosion","i":4,"kind":"not-a-number","loss":null,"action":"recover"}',
    );
    expect(encodeMetric({ kind: 'rollback', iteration: 2 })).toBe('{"event":"rollback","i":2}');
  });

  test('that is torn, damaged or unknown is no event', () => {
    const lines = ['{"event":"step","i":4,"los', '{"event":"dream","i":1}', '[]', '', 'null'];
    expect(lines.map(decodeMetric)).toEqual(lines.map(() => undefined));
  });

  test('of an evaluation with invalid parts is an evaluation without parts', () => {
    const line = '{"event":"eval","i":3,"epoch":0.3,"val_loss":2.5,"val_parts":["x"]}';
    expect(decodeMetric(line)).toEqual({
      kind: 'evaluation',
      iteration: 3,
      epoch: 0.3,
      validationLoss: 2.5,
    });
  });
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const measure = fc.option(number, { nil: null });
const iteration = fc.integer({ min: 1, max: 1e9 });
const action = fc.constantFrom('stop', 'recover');
const events: fc.Arbitrary<MetricEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('step'),
    iteration,
    epoch: number,
    loss: measure,
    learningRate: number,
    gradientNorm: measure,
    parameterNorm: measure,
    milliseconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
  }),
  fc.record(
    {
      kind: fc.constant('evaluation'),
      iteration,
      epoch: number,
      validationLoss: measure,
      parts: fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 32 }),
    },
    { requiredKeys: ['kind', 'iteration', 'epoch', 'validationLoss'] },
  ),
  fc.record({ kind: fc.constant('explosion'), iteration, loss: measure, action }),
  fc.record({ kind: fc.constant('rollback'), iteration }),
);

test('everything written is read as the live event, and fits the schema of events', () => {
  fc.assert(
    fc.property(events, (event) => {
      const kept = asKept(event);
      expect(JSON.stringify(decodeMetric(encodeMetric(event)))).toBe(JSON.stringify(kept));
      expect(encodeMetric(kept)).toBe(encodeMetric(event));
      expect(runEventSchema.safeParse(kept).success).toBe(true);
    }),
  );
});
