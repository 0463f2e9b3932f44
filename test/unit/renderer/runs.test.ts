import { describe, expect, it } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { proposalOf } from '../../../src/renderer/views/training/actions.svelte.ts';
import { queueOf } from '../../../src/renderer/stores/run-selection.ts';
import { resumeChanges, resumeForm, suggestedEpochs } from '../../../src/renderer/views/training/resume.ts';
import { matches } from '../../../src/renderer/stores/run-selection.ts';
import { testRun } from '../../support/runs-for-pages.ts';

it('keeps the order of the queue', () => {
  const list = [
    testRun({ id: 'b', state: 'waiting' }),
    testRun({ id: 'x' }),
    testRun({ id: 'a', state: 'waiting' }),
  ];
  expect(queueOf(list).map(({ id }) => id)).toEqual(['b', 'a']);
});

describe('proposalOf', () => {
  const remedy = { label: 'Try', fromBest: false };

  it('takes settings that the form knows, within their ranges', () => {
    expect(proposalOf({ ...remedy, settings: { dropout: 0.25, rnnSize: 256 } })).toEqual({
      dropout: 0.25,
      rnnSize: 256,
    });
  });

  it('leaves out what is no setting or no allowed value', () => {
    const settings = { dropout: 7, model: 'transformer', constructor: 1, rnnSize: 64.5, numLayers: 3 };
    expect(proposalOf({ ...remedy, settings })).toEqual({ numLayers: 3 });
  });
});

describe('resuming', () => {
  const settings = { ...defaultRunSettings, maxEpochs: 10, maxIterations: 400 };

  it('offers the epochs that were planned while some remain, and half as many again afterwards', () => {
    expect(suggestedEpochs(testRun({ settings, iteration: 100, iterations: 400 }))).toBe(10);
    expect(suggestedEpochs(testRun({ settings, iteration: 400, iterations: 400 }))).toBe(15);
  });

  it('changes only what differs', () => {
    const run = testRun({ settings, iteration: 100, iterations: 400 });
    const form = resumeForm(run);
    expect(resumeChanges(run, form)).toEqual({});
    expect(resumeChanges(run, { ...form, epochs: 20, recovers: true })).toEqual({
      maxEpochs: 20,
      onExplosion: 'recover',
    });
    expect(resumeChanges(run, { ...form, learningRate: 0.0005, patience: 3 })).toEqual({
      learningRate: 0.0005,
      patience: 3,
    });
  });

  it('lifts a limit of iterations that is reached', () => {
    const run = testRun({ settings, iteration: 400, iterations: 400 });
    expect(resumeChanges(run, resumeForm(run))).toEqual({
      maxEpochs: 15,
      maxIterations: 0,
    });
  });
});

describe('matches', () => {
  const run = testRun({ name: 'Moby Dick large', note: 'more Dropout' });

  it('finds all words in name, note and text, whatever the case', () => {
    expect(matches(run, 'moby DROPOUT text.txt')).toBe(true);
    expect(matches(run, 'moby emma')).toBe(false);
    expect(matches(run, '  ')).toBe(true);
  });
});
