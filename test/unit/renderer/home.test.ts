import { describe, expect, test } from 'vitest';
import { nextSteps } from '../../../src/renderer/views/home/next-step.ts';
import { runStates, type RunState } from '../../../src/shared/domain/run-state.ts';
import { testRun } from '../../support/runs-for-pages.ts';

const best = { file: 'a.safetensors', validationLoss: 1.5, epoch: 1, iteration: 40 };
const labels = (state: RunState, hasBest: boolean): readonly string[] =>
  nextSteps(testRun({ state, best: hasBest ? best : null })).map(({ label }) => label);

describe('the card of a run on Home offers', () => {
  test.each(['waiting', 'starting', 'running', 'pausing', 'paused', 'stopping'] as const)(
    'to watch a run that is %s',
    (state) => {
      expect(labels(state, true)).toEqual(['Watch']);
    },
  );

  test.each(['stopped', 'interrupted'] as const)('to resume a run that is %s, then to write', (state) => {
    expect(labels(state, true)).toEqual(['Resume', 'Write']);
    expect(labels(state, false)).toEqual(['Resume']);
  });

  test('to write with a finished run', () => {
    expect(labels('finished', true)).toEqual(['Write']);
  });

  test.each(runStates)('a step for every state: %s', (state) => {
    expect(labels(state, false)).not.toEqual([]);
  });
});
