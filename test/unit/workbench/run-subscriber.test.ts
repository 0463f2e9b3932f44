import { describe, expect, test } from 'vitest';
import type { TrainingItem } from '../../../src/shared/domain/run.ts';
import { RunEvents } from '../../../src/workbench/runs/run-subscriber.ts';

function busy(fraction: number): TrainingItem {
  return { kind: 'busy', doing: 'evaluating', fraction };
}
const measured: TrainingItem = { kind: 'evaluation', iteration: 10, epoch: 1, validationLoss: 2 };

describe('what a late subscriber receives', () => {
  test.each([
    ['what goes on still', [measured, busy(0.2), busy(0.4)], [measured, busy(0.4)]],
    ['nothing that was going on and is over', [busy(0.2), busy(0.9), measured], [measured]],
    ['nothing that has come to its end', [measured, busy(0.5), busy(1)], [measured]],
  ])('is %s', (_what, told, again) => {
    const events = new RunEvents();
    for (const item of told) events.emit('run', item);
    expect(events.recent('run')).toEqual(again);
    events.forget('run');
    expect(events.recent('run')).toEqual([]);
  });
});
