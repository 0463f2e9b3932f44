import {
  nextLearningRate,
  type RatePlan,
  type RatePosition,
  type RateSettings,
} from '../../src/shared/planning/learning-rate.ts';

/** The rates of the iterations after a position up to and with `to`, one step after another as the training loop has them. */
export function plannedRates(
  position: RatePosition,
  to: number,
  settings: RateSettings,
  plan: RatePlan,
): readonly number[] {
  const rates: number[] = [];
  let { learningRate } = position;
  for (let iteration = position.iteration; iteration < to; iteration++) {
    if (iteration > position.iteration || settings.schedule !== 'epochs')
      learningRate = nextLearningRate({ ...position, iteration, learningRate }, settings, plan);
    rates.push(learningRate);
  }
  return rates;
}
