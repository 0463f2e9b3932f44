import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMetrics } from '../../../src/runs/history.ts';
import { temporaryFolder } from '../../support/texts.ts';

function step(i: number, loss: number | null): object {
  return { event: 'step', i, epoch: i / 10, loss, rate: 0.002, gradient_norm: 1, parameter_norm: 20, ms: 3 };
}

function evaluation(i: number, loss: number): object {
  return { event: 'eval', i, epoch: i / 10, val_loss: loss };
}

test('a history leaves out what a rollback discarded', async () => {
  const folder = temporaryFolder('history');
  const lines = [
    step(1, 4),
    step(2, 3),
    evaluation(2, 3.1),
    step(3, 3.5),
    evaluation(3, 3.6),
    step(4, null),
    { event: 'explosion', i: 4, kind: 'not-a-number', loss: null, action: 'recover' },
    { event: 'rollback', i: 2 },
    step(3, 2.9),
    evaluation(3, 3),
    evaluation(3, 3),
    { event: 'of a later version', i: 3 },
  ];
  const torn = '{"event":"step","i":4,"los';
  writeFileSync(
    join(folder, 'metrics.jsonl'),
    `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot json\n${torn}`,
  );
  const { steps, evaluations, explosions } = await readMetrics(folder);
  expect(steps.map(({ iteration, loss }) => [iteration, loss])).toEqual([
    [1, 4],
    [2, 3],
    [3, 2.9],
  ]);
  expect(evaluations.map(({ iteration, validationLoss }) => [iteration, validationLoss])).toEqual([
    [2, 3.1],
    [3, 3],
  ]);
  expect(explosions).toEqual([{ kind: 'explosion', iteration: 4, loss: null, action: 'recover' }]);
});

test('a run without metrics has an empty history', async () => {
  const nothing = { steps: [], evaluations: [], explosions: [] };
  expect(await readMetrics(temporaryFolder('history'))).toEqual(nothing);
});
