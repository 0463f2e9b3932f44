import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeSettings } from '../../../src/shared/domain/recipes.ts';
import { defaultRunSettings } from '../../../src/shared/domain/run-settings.ts';
import type { RunState } from '../../../src/shared/domain/run-state.ts';
import type { RunHistory } from '../../../src/runs/history.ts';
import { courseOf, type RunCourse } from '../../../src/runs/course.ts';
import { withRemedy } from '../../../src/runs/remedy.ts';
import { judgeRun } from '../../../src/runs/verdict.ts';

type Curve = (iteration: number) => number;

/** A run of 100 iterations per epoch, measured every 100, whose losses follow two curves. */
function run(iterations: number, train: Curve, validation: Curve): RunHistory {
  const steps = Array.from({ length: iterations }, (_, index) => {
    const iteration = index + 1;
    return {
      kind: 'step' as const,
      iteration,
      epoch: iteration / 100,
      loss: train(iteration),
      learningRate: 0.002,
      gradientNorm: 1,
      parameterNorm: 20,
      milliseconds: 25,
    };
  });
  const evaluations = steps
    .filter(({ iteration }) => iteration % 100 === 0)
    .map(({ iteration, epoch }) => ({
      kind: 'evaluation' as const,
      iteration,
      epoch,
      validationLoss: validation(iteration),
    }));
  return { steps, evaluations, explosions: [] };
}

const falling: Curve = (iteration) => 1.2 + 3 * Math.exp(-iteration / 500);
/** Lowest at iteration 600. */
const valley: Curve = (iteration) => 1.6 + (Math.abs(iteration - 600) / 1000) ** 2;

describe('the verdict on a run', () => {
  test.each([
    ['nothing yet', run(0, falling, falling), 'too-short'],
    ['one measurement', run(199, falling, falling), 'too-short'],
    ['both losses fall', run(1000, falling, falling), 'learning'],
    ['one bad measurement is chance', run(700, falling, valley), 'learning'],
    ['validation turns while training falls', run(1200, falling, valley), 'overfitting'],
    ['both rise together: not learned by heart', run(1200, (i) => valley(i) - 0.1, valley), 'plateau'],
    [
      'nothing moves',
      run(
        1000,
        () => 1.5,
        () => 1.52,
      ),
      'plateau',
    ],
    ['the training loss runs away', run(1000, (i) => (i < 500 ? 1.5 : i / 200), falling), 'exploding'],
  ] as const)('%s', (_, history, kind) => expect(judgeRun(history).kind).toBe(kind));

  test('overfitting names the epoch to go back to and both losses', () => {
    const verdict = judgeRun(run(1200, falling, valley));
    expect(verdict.since).toBe(6);
    expect(verdict.sentence).toContain('Overfitting since epoch 6.00');
    expect(verdict.sentence).toContain('1.6000');
    expect(verdict.advice).toContain('Use the checkpoint of epoch 6.00');
  });

  test('a plateau with both losses alike asks for a larger model, one with a gap for something else', () => {
    expect(
      judgeRun(
        run(
          1000,
          () => 1.5,
          () => 1.52,
        ),
      ).advice,
    ).toContain('larger model');
    expect(
      judgeRun(
        run(
          1000,
          () => 1.0,
          () => 1.52,
        ),
      ).advice,
    ).not.toContain('larger model');
  });

  describe('with the spread of the validation split known', () => {
    /** Every evaluation in eight parts around its loss, each with its own share of `noise`. */
    const inParts = (history: RunHistory, noise: number): RunHistory => ({
      ...history,
      evaluations: history.evaluations.map((point, index) => {
        const offsets = Array.from({ length: 8 }, (_, part) => noise * Math.sin(index * 7.3 + part * 2.1));
        const middle = offsets.reduce((sum, offset) => sum + offset, 0) / 8;
        return { ...point, parts: offsets.map((offset) => (point.validationLoss ?? 0) + offset - middle) };
      }),
    });
    const rising = run(1200, falling, (i) => 1.6 + 0.05 * (Math.abs(i - 600) / 600) ** 2);

    test('a rise in every part of the split is overfitting, the same rise in the noise is not', () => {
      expect(judgeRun(rising).kind).toBe('overfitting');
      expect(judgeRun(inParts(rising, 0.01)).kind).toBe('overfitting');
      expect(judgeRun(inParts(rising, 0.5)).kind).not.toBe('overfitting');
    });

    test('a fall within chance is said to be one, and is no progress in the long run', () => {
      const slow = run(2000, falling, (i) => 1.6 - i / 40_000);
      expect(judgeRun(inParts(slow, 0.0005)).kind).toBe('learning');
      expect(judgeRun(inParts(slow, 0.0005)).sentence).not.toContain('chance');
      const noisy = judgeRun(inParts(slow, 0.5));
      expect(noisy.kind).toBe('plateau');
      expect(noisy.sentence).toBe(
        'At a plateau: the last 5 measurements lowered the validation loss to 1.5500, a small difference, within chance.',
      );
      const early = judgeRun(
        inParts(
          run(900, falling, (i) => 1.6 - i / 40_000),
          0.5,
        ),
      );
      expect(early.kind).toBe('learning');
      expect(early.sentence).toMatch(
        /between the last two measurements, a small difference, within chance\.$/,
      );
    });

    test('a last loss above the lowest by chance is not called worse', () => {
      const { sentence } = judgeRun(inParts(run(700, falling, valley), 0.5));
      expect(sentence).toContain(
        'above its lowest of 1.6000 (epoch 6.00) a small difference, within chance.',
      );
    });
  });

  test('the stage of letter frequencies, early in a run, is no plateau', () => {
    expect(
      judgeRun(
        run(
          800,
          () => 3.1,
          () => 3.1,
        ),
      ).kind,
    ).toBe('learning');
  });

  test('an explosion that stopped the run, and one that it recovered from', () => {
    const explosion = { kind: 'explosion', iteration: 301, loss: 40 } as const;
    const before = run(300, falling, falling);
    const stopped = { ...before, explosions: [{ ...explosion, action: 'stop' } as const] };
    expect(judgeRun(stopped)).toMatchObject({ kind: 'exploded', since: null });
    const recovering = { ...before, explosions: [{ ...explosion, action: 'recover' } as const] };
    expect(judgeRun(recovering).kind).toBe('exploding');
    const recovered = { ...run(1000, falling, falling), explosions: recovering.explosions };
    expect(judgeRun(recovered).kind).toBe('learning');
  });

  test('losses that were not numbers are skipped', () => {
    const loss = fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(loss, { maxLength: 40 }), (losses) => {
        const points = losses.map((value, index) => ({
          kind: 'evaluation' as const,
          iteration: index + 1,
          epoch: index / 4,
          validationLoss: value,
        }));
        const verdict = judgeRun({ steps: [], evaluations: points, explosions: [] });
        expect(verdict.sentence).not.toMatch(/NaN|not a number|Infinity|infinite|undefined|null/);
        // Without training losses, overfitting and a plateau cannot be distinguished.
        expect(verdict.kind).not.toBe('overfitting');
        if (points.filter(({ validationLoss }) => validationLoss !== null).length < 2)
          expect(verdict.kind).toBe('too-short');
      }),
    );
  });
});

describe('a rate that falls to zero at a planned end', () => {
  const settings = { ...defaultRunSettings, ...recipeSettings('modern') };
  const planned = (iterations: number, isFinished = false): RunCourse => ({
    settings,
    iterations,
    isFinished,
  });
  const flat = run(
    1500,
    () => 1.3,
    () => 1.52,
  );

  test('makes no plateau during the run, and is complete at its end', () => {
    expect(judgeRun(flat).kind).toBe('plateau');
    const midway = judgeRun(flat, planned(6000));
    expect(midway).toMatchObject({ kind: 'learning', advice: null });
    expect(midway.sentence).toBe(
      'Still learning: the validation loss is 1.5200, near its lowest of 1.5200 (epoch 1.00); ' +
        'the learning rate still has 75 % of its decrease ahead, where losses fall most.',
    );
    const end = judgeRun(flat, planned(1500, true));
    expect(end.kind).toBe('complete');
    expect(end.sentence).toBe(
      'Complete: the learning rate has reached zero as planned, and the validation loss is 1.5200, after a low of 1.5200 at epoch 1.00.',
    );
    // Even if the loss fell until the end: at a learning rate of zero it falls no further.
    const fell = judgeRun(run(1500, falling, falling), planned(1500, true));
    expect(fell.kind).toBe('complete');
    expect(fell.sentence).toContain('the validation loss is at its lowest, 1.3494');
    expect(fell.advice).toContain('new, longer run');
  });

  test('leaves char-rnn’s schedule its plateaus, whatever the plan', () => {
    const course = { ...planned(6000), settings: { ...settings, schedule: 'epochs' as const } };
    expect(judgeRun(flat, course).kind).toBe('plateau');
    expect(courseOf({ settings: null, iterations: 1, state: 'damaged' })).toBeNull();
  });

  test('hides no overfitting, during the run or at the end', () => {
    const memorised = run(1200, falling, valley);
    for (const course of [planned(6000), planned(1200, true)]) {
      expect(judgeRun(memorised, course).kind).toBe('overfitting');
    }
  });

  test('has no falling sentence while the loss reaches new lows', () => {
    expect(judgeRun(run(1000, falling, falling), planned(6000)).sentence).not.toContain('ahead');
  });

  test('advises a run of twice the length, and to resume one that was stopped early', () => {
    const long = { ...settings, maxEpochs: 4, maxIterations: 1500 };
    expect(withRemedy(judgeRun(flat, planned(1500, true)), long, 'finished')).toMatchObject({
      kind: 'complete',
      remedy: { settings: { maxEpochs: 8, maxIterations: 3000 }, fromBest: false },
    });
    const unlimited = withRemedy(
      judgeRun(flat, planned(1500, true)),
      { ...long, maxIterations: 0 },
      'finished',
    );
    expect(unlimited.remedy?.settings).toEqual({ maxEpochs: 8 });
    const stopped = judgeRun(run(1000, falling, falling), planned(6000));
    expect(withRemedy(stopped, long, 'stopped')).toMatchObject({ kind: 'stopped', remedy: null });
    expect(withRemedy(stopped, defaultRunSettings, 'stopped').remedy).toMatchObject({ fromBest: true });
  });

  test('calls a run finished only if it reached its end', () => {
    const verdict = judgeRun(run(1000, falling, falling));
    const kindOf = (state: RunState) => withRemedy(verdict, defaultRunSettings, state).kind;
    expect(kindOf('running')).toBe('learning');
    expect(kindOf('stopped')).toBe('stopped');
    expect(kindOf('interrupted')).toBe('stopped');
    expect(kindOf('finished')).toBe('done');
  });
});

describe('patience', () => {
  const settings = { ...defaultRunSettings, patience: 5 };
  const course: RunCourse = { settings, iterations: 6000, isFinished: true };

  test('that has ended a run is reported, with the epoch to use and dropout for the next', () => {
    const verdict = judgeRun(
      run(1100, () => 1.2, valley),
      course,
    );
    expect(verdict).toMatchObject({ kind: 'ended-early', since: 6 });
    expect(verdict.sentence).toBe(
      'Ended early: the validation loss had not improved for 5 measurements. It was lowest at epoch 6.00 (1.6000) and was 1.8500 at the end.',
    );
    expect(verdict.advice).toContain('Use the checkpoint of epoch 6.00');
    expect(withRemedy(verdict, settings, 'finished')).toMatchObject({
      kind: 'ended-early',
      remedy: { settings: { dropout: 0.25 } },
    });
  });

  test('is no reason while the run trains, when it was stopped, or when it is complete', () => {
    const history = run(1100, falling, valley);
    expect(judgeRun(history, { ...course, isFinished: false }).kind).toBe('overfitting');
    expect(judgeRun(history, { ...course, iterations: 1100 }).kind).toBe('overfitting');
  });

  test('is proposed where a run overfitted without', () => {
    const verdict = judgeRun(run(1200, falling, valley));
    const remedyOf = (dropout: number, patience: number) =>
      withRemedy(verdict, { ...defaultRunSettings, dropout, patience }, 'finished').remedy?.settings;
    expect(remedyOf(0, 0)).toEqual({ dropout: 0.25, patience: 6 });
    expect(remedyOf(0, 4)).toEqual({ dropout: 0.25 });
    expect(remedyOf(0.5, 0)).toEqual({ rnnSize: 64, patience: 6 });
  });
});
