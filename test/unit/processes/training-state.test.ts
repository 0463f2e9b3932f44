import { describe, expect, test } from 'vitest';
import {
  nextState,
  trainingStates,
  transitions,
  type TrainingEvent,
  type TrainingState,
} from '../../../src/processes/training-state.ts';

/** Where a run is after some events. */
function after(...events: readonly TrainingEvent[]): TrainingState {
  return events.reduce<TrainingState>(nextState, 'starting');
}

const events: readonly TrainingEvent[] = [
  'started',
  'pause-asked',
  'paused',
  'proceeded',
  'continue-asked',
  'stop-asked',
  'exited',
];

describe('the life of a supervised run', () => {
  test.each<readonly [TrainingState, readonly TrainingEvent[]]>([
    ['starting', []],
    ['running', ['started']],
    ['pausing', ['started', 'pause-asked']],
    ['paused', ['started', 'pause-asked', 'paused']],
    ['running', ['started', 'pause-asked', 'paused', 'continue-asked']],
    ['stopping', ['started', 'pause-asked', 'paused', 'stop-asked']],
    // It waits for room on the disk before it has its folder, and then trains.
    ['paused', ['paused']],
    ['running', ['paused', 'proceeded', 'started']],
    ['stopping', ['paused', 'stop-asked']],
    ['stopping', ['stop-asked', 'started']],
    ['ended', ['started', 'stop-asked', 'exited']],
  ])('%s after %j', (state, told) => expect(after(...told)).toBe(state));

  test('a pause cancelled before it began has no effect', () => {
    expect(after('started', 'pause-asked', 'continue-asked')).toBe('running');
  });

  test('late reports are overtaken by newer ones', () => {
    expect(after('started', 'pause-asked', 'continue-asked', 'paused', 'proceeded')).toBe('running');
    const again = ['pause-asked', 'continue-asked', 'pause-asked', 'paused', 'proceeded', 'paused'] as const;
    expect(after('started', ...again)).toBe('paused');
  });

  test('a pause requested while the text is read begins as soon as it trains', () => {
    expect(after('pause-asked', 'started', 'paused')).toBe('paused');
  });

  test('late requests have no effect', () => {
    for (const event of events) expect(nextState('ended', event)).toBe('ended');
    for (const event of events.filter((one) => one !== 'exited')) {
      expect(nextState('stopping', event)).toBe('stopping');
    }
  });

  test('a process may end at any time', () => {
    for (const state of trainingStates) expect(nextState(state, 'exited')).toBe('ended');
  });

  test('a run that is not ended can always be stopped, and every state can be reached', () => {
    for (const state of trainingStates.filter((one) => one !== 'ended')) {
      expect(nextState(state, 'stop-asked')).toBe('stopping');
    }
    const reached = new Set(Object.values(transitions).flatMap((next) => Object.values(next)));
    expect(trainingStates.filter((state) => state !== 'starting' && !reached.has(state))).toEqual([]);
  });
});
