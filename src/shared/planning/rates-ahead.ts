import { nextLearningRate, type RatePlan, type RateSettings } from './learning-rate.ts';

/** Learning rates over iterations, in columns of one length. */
export interface RateColumns {
  readonly iteration: Float64Array;
  readonly rate: Float64Array;
}

/** The last step of a run: its iteration, from 1, and its learning rate. */
export interface LastStep {
  readonly iteration: number;
  readonly learningRate: number;
}

const nothing: RateColumns = { iteration: new Float64Array(0), rate: new Float64Array(0) };

/**
 * The learning rates from a run's last step to its planned end, if nothing explodes; empty at the end. At most `points` + 2 values, including the
 * first and the last, and no more work than that: a run may be planned for hundreds of millions of iterations.
 */
export function ratesAhead(
  last: LastStep,
  settings: RateSettings,
  plan: RatePlan,
  points: number,
): RateColumns {
  const left = plan.iterations - last.iteration;
  if (last.iteration < 1 || left <= 0) return nothing;
  const stride = Math.max(1, Math.ceil(left / points));
  // The first point is the last step itself, so that the lines meet.
  const iteration = Float64Array.from({ length: Math.ceil(left / stride) + 1 }, (_, index) =>
    Math.min(plan.iterations, last.iteration + index * stride),
  );
  const rateAt = settings.schedule === 'epochs' ? byEpochs : asPlanned;
  return { iteration, rate: iteration.map(rateAt(last, settings, plan)) };
}

type RateAt = (last: LastStep, settings: RateSettings, plan: RatePlan) => (iteration: number) => number;

/** char-rnn's: the learning rate of the last step, decayed once at the end of every epoch in between, from the first epoch that decays. */
const byEpochs: RateAt = (last, settings, { iterationsPerEpoch }) => {
  const { learningRateDecay, learningRateDecayAfter } = settings;
  /** Number of epoch ends with a decay, up to and including this iteration. */
  const decaysUntil = (iteration: number): number => {
    const first = Math.max(1, Math.ceil(learningRateDecayAfter));
    return Math.max(0, Math.floor(iteration / iterationsPerEpoch) - first + 1);
  };
  const done = decaysUntil(last.iteration - 1);
  const factor = Math.min(1, learningRateDecay);
  return (iteration) => last.learningRate * factor ** (decaysUntil(iteration - 1) - done);
};

/** All others follow from the iteration; the number of halvings after explosions follows from how far the learning rate is below its schedule. */
const asPlanned: RateAt = (last, settings, plan) => {
  const planned = (iteration: number): number =>
    nextLearningRate({ iteration: iteration - 1, learningRate: 0, recoveries: 0 }, settings, plan);
  const below = Math.log2(planned(last.iteration) / last.learningRate);
  const recoveries = Number.isFinite(below) ? Math.max(0, Math.round(below)) : 0;
  return (iteration) => planned(iteration) * 0.5 ** recoveries;
};
