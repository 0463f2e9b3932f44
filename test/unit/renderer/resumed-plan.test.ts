import { describe, expect, it } from 'vitest';
import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import { defaultRunSettings, type RunSettings } from '../../../src/shared/domain/run-settings.ts';
import { planChunks } from '../../../src/shared/planning/plan.ts';
import { resumedSettings } from '../../../src/shared/planning/resumed-length.ts';
import { resumeChanges, resumeForm, withEpochs } from '../../../src/renderer/views/training/resume.ts';
import {
  continuationSentence,
  lengthSentence,
  resumedPlan,
} from '../../../src/renderer/views/training/resumed-plan.ts';
import { testRun } from '../../support/runs-for-pages.ts';

/** The quick preset on a book of 880,000 characters, stopped at iteration 200: 334 iterations an epoch, at most 1,000. */
const settings: RunSettings = {
  ...defaultRunSettings,
  ...({ schedule: 'linear', warmup: 0, learningRate: 0.002 } as const),
  ...{ batchSize: 50, sequenceLength: 50, trainFraction: 0.95, validationFraction: 0.05 },
  ...{ maxEpochs: 3, maxIterations: 1000 },
};
const characters = 880_000;
const { iterations, iterationsPerEpoch } = planChunks({ ...settings, characters });
const spec = { model: 'lstm', vocabularySize: 80, rnnSize: 128, numLayers: 2, ...plainModel } as const;
const stopped = testRun({
  ...{ settings, spec, iterations, iterationsPerEpoch },
  ...{ iteration: 200, state: 'stopped' },
});
const longer = withEpochs(stopped, resumeForm(stopped), 4);

describe('a run with a maximum of iterations that is resumed', () => {
  it('is as long as the training makes it', () => {
    expect([iterations, iterationsPerEpoch]).toEqual([1000, 334]);
    for (const form of [resumeForm(stopped), longer, { ...longer, maxIterations: 1200 }]) {
      const trained = planChunks({ ...resumedSettings(settings, resumeChanges(stopped, form)), characters });
      expect(resumedPlan(stopped, form)?.iterations).toBe(trained.iterations);
    }
    expect(resumedPlan(stopped, longer)?.iterations).toBe(1336);
  });

  it('says where it ends and by what', () => {
    expect(lengthSentence(stopped, resumeForm(stopped))).toBe(
      'It trains for 800 more iterations and ends at iteration 1,000 (2.99 epochs), because the maximum of iterations comes before the end of epoch 3.',
    );
    expect(lengthSentence(stopped, longer)).toBe(
      'It trains for 1,136 more iterations and ends at iteration 1,336 (4 epochs).',
    );
    const done = { ...stopped, iteration: 1000 };
    expect(lengthSentence(done, { ...resumeForm(done), epochs: 2 })).toBe(
      'It has already reached iteration 668 (2 epochs): there is nothing left to train. Raise the number of epochs.',
    );
    expect(continuationSentence(done, { ...resumeForm(done), epochs: 2 })).toBe(
      'It ended after iteration 1,000.',
    );
    expect(lengthSentence({ ...stopped, spec: null }, longer)).toBeNull();
  });
});

describe('the learning rate of a run that is resumed', () => {
  it('continues as if it had never stopped only where its plan is the same', () => {
    expect(continuationSentence(stopped, resumeForm(stopped))).toBe(
      'It continues exactly where it ended, after iteration 200, with the same state, learning rate and random numbers, as if it had never stopped.',
    );
    expect(continuationSentence(stopped, longer)).toBe(
      'It continues where it ended, after iteration 200, with the same state and random numbers. The learning rate rises to its value in the longer plan, which reaches zero at iteration 1,336.',
    );
    expect(continuationSentence(stopped, { ...longer, epochs: 2 })).toContain(
      'The learning rate falls to its value in the shorter plan, which reaches zero at iteration 668.',
    );
  });

  it('rises again where a finished run is trained longer', () => {
    const finished = { ...stopped, iteration: 1000, state: 'finished' as const };
    expect(continuationSentence(finished, resumeForm(finished))).toContain(
      'rises to its value in the longer plan',
    );
  });

  it('keeps char-rnn’s schedule whatever the length', () => {
    const run = { ...stopped, settings: { ...settings, schedule: 'epochs' as const } };
    expect(continuationSentence(run, withEpochs(run, resumeForm(run), 9))).toContain(
      'as if it had never stopped',
    );
    expect(continuationSentence(run, { ...resumeForm(run), learningRate: 0.001 })).toContain(
      'The learning rate is 0.001 from the next iteration and decays from there.',
    );
  });
});
