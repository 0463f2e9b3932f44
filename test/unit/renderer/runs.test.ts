import { describe, expect, it } from 'vitest';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import { proposalOf } from '../../../src/renderer/views/training/actions.svelte.ts';
import { queueOf } from '../../../src/renderer/stores/run-selection.ts';
import {
  resumeChanges,
  resumeForm,
  suggestedEpochs,
  withEpochs,
} from '../../../src/renderer/views/training/resume.ts';
import { RunFilter } from '../../../src/renderer/stores/run-filter.svelte.ts';
import { occurring } from '../../../src/renderer/stores/run-values.ts';
import { problemOfTag, tagChanges } from '../../../src/renderer/views/training/tags.ts';
import { waitingSentence } from '../../../src/renderer/views/training/words.ts';
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

it.each([
  [[], 'as soon as no other run is training.'],
  [['My Emma novel'], 'after “My Emma novel”.'],
  [['My Emma novel', 'next'], 'after “My Emma novel” and 1 other run.'],
  [['My Emma novel', 'next', 'after'], 'after “My Emma novel” and 2 other runs.'],
])('a waiting run says what is trained before it: %j', (ahead, end) => {
  expect(waitingSentence(ahead)).toBe(`This run is in the queue and starts automatically ${end}`);
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
      maxIterations: 400,
      onExplosion: 'recover',
    });
    expect(resumeChanges(run, { ...form, learningRate: 0.0005, patience: 3 })).toEqual({
      learningRate: 0.0005,
      patience: 3,
    });
  });

  it('replaces the maximum of iterations by another number of epochs, and takes it back with them', () => {
    const run = testRun({ settings, iteration: 100, iterations: 400 });
    const longer = withEpochs(run, resumeForm(run), 12);
    expect(resumeChanges(run, longer)).toEqual({ maxEpochs: 12, maxIterations: 0 });
    expect(resumeChanges(run, withEpochs(run, longer, 10))).toEqual({});
    expect(resumeChanges(run, { ...resumeForm(run), maxIterations: 600 })).toEqual({ maxIterations: 600 });
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

describe('finding runs among many', () => {
  const runs = [
    testRun({ id: 'a', name: 'tale 10', tags: ['thesis'], state: 'finished', best: bestOf(1.5) }),
    testRun({ id: 'b', name: 'tale 9', state: 'exploded' }),
    testRun({
      ...{ id: 'c', name: 'poem', tags: ['thesis', 'rhymes'], state: 'finished', best: bestOf(1.2) },
      settings: { ...defaultRunSettings, model: 'gru' },
    }),
  ];
  const ids = (filter: RunFilter): string =>
    filter
      .apply(runs)
      .map(({ id }) => id)
      .join('');

  it('narrows by words, state, model and tag together', () => {
    const filter = new RunFilter();
    expect(ids(filter)).toBe('abc');
    filter.search = 'THESIS tale';
    expect(ids(filter)).toBe('a');
    filter.clear();
    filter.choose('state', 'finished');
    expect(ids(filter)).toBe('ac');
    filter.choose('model', 'gru');
    expect(ids(filter)).toBe('c');
    filter.choose('tag', 'nobody’s');
    expect(ids(filter)).toBe('');
    expect(filter.isNarrow).toBe(true);
    filter.clear();
    expect(filter.isNarrow).toBe(false);
  });

  it('orders by name, numbers by their size, and by loss, those without one last', () => {
    const filter = new RunFilter();
    filter.order = 'name';
    expect(ids(filter)).toBe('cba');
    filter.order = 'loss';
    expect(ids(filter)).toBe('cab');
  });

  it('offers what occurs, the most frequent first', () => {
    expect(occurring(runs, 'tag')).toEqual([
      { value: 'thesis', count: 2 },
      { value: 'rhymes', count: 1 },
    ]);
    expect(occurring(runs, 'state')[0]).toEqual({ value: 'finished', count: 2 });
  });

  it('changes tags only where something changes, so that undoing brings back what was', () => {
    expect(tagChanges(runs, { add: 'thesis' })).toEqual([{ run: 'b', add: ['thesis'], remove: [] }]);
    expect(tagChanges(runs, { remove: 'rhymes' })).toEqual([{ run: 'c', add: [], remove: ['rhymes'] }]);
    expect(problemOfTag('x'.repeat(41), runs)).toMatch('at most 40');
    expect(problemOfTag('  ', runs)).toBeNull();
  });
});

function bestOf(validationLoss: number) {
  return { file: 'best.safetensors', validationLoss, epoch: 1, iteration: 10 };
}
